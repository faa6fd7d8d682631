import { escapeXml } from './wire.ts';

function frame(title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}a.button{display:inline-block;padding:.5rem 1rem;border-radius:.4rem;background:#2ca01c;color:#fff;text-decoration:none;margin:.25rem .5rem .25rem 0}a.quiet{background:#6b6c72}</style></head><body><h1>${title}</h1>${content}</body></html>`;
}

/** The page a person sees when an app asks to be connected. */
export const consentPage = {
  /** One button per company, and one to say no. */
  question(url: string, realms: readonly string[]): string {
    const join = url.includes('?') ? '&' : '?';
    const buttons = realms.map(
      (realm) =>
        `<a class="button" href="${escapeXml(`${url}${join}auto=1&realm=${realm}`)}">Connect ${escapeXml(realm)}</a>`,
    );
    const no = `<a class="button quiet" href="${escapeXml(`${url}${join}deny=1`)}">Cancel</a>`;
    return frame(
      'Connect to QuickBooks',
      `<p>An app asks for access to the books of a company. Which one may it read and write?</p><p>${buttons.join('')}${no}</p>`,
    );
  },
  /** The app or its address is not known. */
  refusal(): string {
    return frame(
      'Sorry, but this app cannot connect',
      '<p>The client id or the redirect address is wrong.</p>',
    );
  },
} as const;

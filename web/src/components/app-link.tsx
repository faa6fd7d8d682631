import { useRouter, useRouterState } from '@tanstack/react-router';
import type { ComponentProps, MouseEvent } from 'react';

type AppLinkProps = ComponentProps<'a'> & { readonly href: string };

/** The company in view goes along with every link, so that an address always shows what its sender saw. */
export function useCompanyId(): string | undefined {
  return useRouterState({
    select: ({ location }) => {
      const company: unknown = Reflect.get(location.search, 'company');
      return typeof company === 'string' ? company : undefined;
    },
  });
}

function withCompany(href: string, companyId: string | undefined): string {
  if (companyId === undefined || href.includes('company=')) return href;
  return `${href}${href.includes('?') ? '&' : '?'}company=${encodeURIComponent(companyId)}`;
}

const isPlainClick = (event: MouseEvent) =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Goes to an address of `paths`, keeping the company. */
export function useGo(): (href: string, how?: 'push' | 'replace') => void {
  const router = useRouter();
  const companyId = useCompanyId();
  return (href, how = 'push') => router.history[how](withCompany(href, companyId));
}

/** A real link to an address of `paths`; only a plain click stays inside the page. */
export function AppLink({ href, onClick, ...rest }: AppLinkProps) {
  const go = useGo();
  const companyId = useCompanyId();
  return (
    <a
      href={withCompany(href, companyId)}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || !isPlainClick(event)) return;
        event.preventDefault();
        go(href);
      }}
      {...rest}
    />
  );
}

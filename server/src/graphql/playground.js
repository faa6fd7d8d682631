// Runs in the browser, inside the GraphiQL page (api-and-web.md §3.2). The page calls it with its recipes.

/** A landmark, a heading and readable colours, which GraphiQL leaves out (WCAG 1.3.1, 1.4.3). */
function frame(title) {
  const root = document.querySelector('#root');
  const main = document.createElement('main');
  const heading = document.createElement('h1');
  const colours = document.createElement('style');
  main.style.display = 'contents';
  heading.textContent = `${title}: playground of the API`;
  heading.style.cssText =
    'position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)';
  colours.textContent = `
    .graphiql-container .graphiql-logo,
    .graphiql-container .monaco-editor .line-numbers { color: hsl(var(--color-neutral)); }
    .monaco-editor .mtk8 { color: hsl(130, 60%, 26%); }
    body.graphiql-dark .monaco-editor .mtk8 { color: hsl(120, 35%, 65%); }
    @media (prefers-color-scheme: dark) {
      body:not(.graphiql-light) .monaco-editor .mtk8 { color: hsl(120, 35%, 65%); }
    }`;
  document.head.append(colours);
  root.replaceWith(main);
  main.append(heading, root);
  new MutationObserver(nameTabs).observe(main, {
    childList: true,
    subtree: true,
    attributeFilter: ['aria-selected'],
  });
}

/** A tab of GraphiQL holds two buttons, which no tab may; a list of buttons is what they are (WCAG 4.1.2). */
function nameTabs() {
  for (const list of document.querySelectorAll('.graphiql-tabs[role="tablist"]'))
    list.removeAttribute('role');
  for (const tab of document.querySelectorAll('.graphiql-tab[role="tab"]'))
    tab.removeAttribute('role');
  for (const tab of document.querySelectorAll('.graphiql-tab[aria-selected]')) {
    const isShown = tab.getAttribute('aria-selected') === 'true';
    tab.querySelector('button')?.setAttribute('aria-current', String(isShown));
    tab.removeAttribute('aria-selected');
  }
  const panel = document.querySelector('#graphiql-session[role="tabpanel"]');
  panel?.setAttribute('role', 'group');
  panel?.removeAttribute('aria-labelledby');
  panel?.setAttribute('aria-label', 'Operation');
}

window.startPlayground = function startPlayground({ endpoint, title, recipes }) {
  /** In memory only: a reload asks for another one. Null in the demo, and while nobody is signed in. */
  let own = null;
  /** What the person typed into the headers; the socket has no headers, so it is told there too. */
  let typed = null;
  const answers = new Map();
  const send = window.fetch.bind(window);

  /** A bearer with the session's rights (http.md §2); asked for again a minute before it ends. */
  async function renew() {
    const answer = await send('/session/playground', {
      method: 'POST',
      headers: { 'x-ledgerbridge-csrf': '1' },
    }).catch(() => null);
    if (answer === null || !answer.ok) {
      own = null;
      return;
    }
    const { token, expiresAt } = await answer.json();
    own = `Bearer ${token}`;
    setTimeout(() => void renew(), Math.max(5_000, Date.parse(expiresAt) - Date.now() - 60_000));
  }

  function valueOf(name) {
    if (name === 'new') return crypto.randomUUID();
    if (name === 'midnight') return `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;
    const [operation, ...steps] = name.split('.');
    return steps.reduce((value, step) => value?.[step], answers.get(operation));
  }

  /** '{CompanyToPause.companies.nodes.0.id}' becomes what that operation answered last; what it did not answer stays as it is. */
  const filled = (_key, value) => {
    const name = typeof value === 'string' ? /^\{([\w.]+)\}$/.exec(value)?.[1] : undefined;
    return name === undefined ? value : (valueOf(name) ?? value);
  };

  window.fetch = async (input, init) => {
    if (typeof init?.body !== 'string') return send(input, init);
    const headers = new Headers(init.headers);
    typed = headers.get('authorization');
    if (typed === null && own !== null) headers.set('authorization', own);
    const body = JSON.stringify(JSON.parse(init.body, filled));
    const answer = await send(input, { ...init, headers, body });
    const { operationName } = JSON.parse(init.body);
    if (operationName && (answer.headers.get('content-type') ?? '').includes('json')) {
      const { data } = await answer.clone().json();
      if (data) answers.set(operationName, data);
    }
    return answer;
  };

  class FilledSocket extends WebSocket {
    send(message) {
      super.send(JSON.stringify(JSON.parse(message, filled)));
    }
  }

  frame(title);

  const asked = new URL(location.href).searchParams;
  const linked = asked.has('query')
    ? [{ query: asked.get('query'), variables: asked.get('variables') ?? undefined }]
    : [];
  const show = () =>
    YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
      title,
      endpoint,
      subscriptionsProtocol: 'WS',
      webSocketImpl: FilledSocket,
      connectionParams: () => ({ authorization: typed ?? own ?? undefined }),
      shouldPersistHeaders: false,
      defaultTabs: [...linked, ...recipes],
      ...(linked[0]?.variables === undefined ? {} : { variables: linked[0].variables }),
      // The address keeps naming the document it was opened with, not every key stroke.
      onEditQuery: () => undefined,
    });
  void renew().then(show);
};

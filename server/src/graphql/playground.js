// Runs in the browser, inside the GraphiQL page (api-and-web.md §3.2). The page calls it with its recipes.
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

/** Variables of an operation as urql hands them on. */
type Variables = Record<string, unknown>;

/**
 * graphql-ws sends the original variables again after a drop, and so asks for events a second time
 * (graphql-ws#90). It serialises the payload anew on every reconnect, so `after` is a getter that answers
 * with the newest position handled (api-and-web.md §1.3).
 */
export function resumable(variables: Variables, cursor: () => string | undefined): Variables {
  return {
    ...variables,
    get after() {
      return cursor() ?? variables['after'];
    },
  };
}

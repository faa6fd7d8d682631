/** Says that stream events were committed, so that the publisher need not wait for its poll. */
export interface Feed {
  announce(): void;
}

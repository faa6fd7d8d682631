/** What a state means to people: how in, who moves it out, how long it is kept, what the operator sees. */
export type StateNote = {
  readonly entered: string;
  readonly left: string;
  readonly kept: string;
  readonly shown: string;
};

import { QuickBooksFault } from './fault-bodies.ts';

type Operator = '=' | '!=' | '<' | '>' | '<=' | '>=' | 'in' | 'like';

export type Condition = {
  readonly property: string;
  readonly operator: Operator;
  readonly values: readonly string[];
};

export type Order = { readonly property: string; readonly isDescending: boolean };

/** `SELECT … FROM … [WHERE …] [ORDERBY …] [STARTPOSITION n] [MAXRESULTS n]` (quickbooks.md §2.7). */
export type Statement = {
  readonly fields: readonly string[] | 'all' | 'count';
  readonly entity: string;
  readonly conditions: readonly Condition[];
  readonly orders: readonly Order[];
  readonly startPosition: number | undefined;
  readonly maxResults: number | undefined;
};

type Kind = 'word' | 'text' | 'number' | 'symbol' | 'end';
type Token = {
  readonly kind: Kind;
  readonly image: string;
  readonly value: string;
  readonly column: number;
};

const keywords = new Set(
  'select from where and in like order orderby asc desc startposition maxresults null true false'.split(
    ' ',
  ),
);

const tokenPattern =
  /\s+|(?<word>[A-Za-z_][\w.]*)|(?<text>'(?:\\.|[^'\\])*')|(?<number>-?\d+(?:\.\d+)?(?:[-T:+.\dZ]*\d|Z)?)|(?<symbol>!=|<=|>=|[=<>(),*])/uy;

/** Reads a statement; what cannot be read is 4000. */
export function parseQuery(text: string): Statement {
  return new Parser(tokenize(text.trim())).statement();
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const column = tokenPattern.lastIndex + 1;
    const match = tokenPattern.exec(text);
    if (match === null) throw lexicalError(text[column - 1] ?? '', column);
    const token = tokenOf(match, column);
    if (token !== undefined) tokens.push(token);
  }
  return [...tokens, { kind: 'end', image: '', value: '', column: text.length + 1 }];
}

function tokenOf(match: RegExpExecArray, column: number): Token | undefined {
  const image = match[0];
  const groups = match.groups ?? {};
  if (groups['word'] !== undefined) return { kind: 'word', image, value: image, column };
  if (groups['number'] !== undefined) return { kind: 'number', image, value: image, column };
  if (groups['symbol'] !== undefined) return { kind: 'symbol', image, value: image, column };
  if (groups['text'] === undefined) return undefined;
  const value = image.slice(1, -1).replaceAll(/\\(.)/gu, '$1');
  return { kind: 'text', image, value, column };
}

function lexicalError(character: string, column: number): QuickBooksFault {
  const detail = `QueryParserError: Lexical error at line 1, column ${column}.  Encountered: "${character}" (${character.codePointAt(0) ?? 0}), after : ""`;
  return new QuickBooksFault('4000', detail);
}

/** Words as the recorded parser error prints them. */
function unexpected(token: Token, expected: string): QuickBooksFault {
  const word = token.value.toLowerCase();
  const kinds = {
    word: '<IDENTIFIER>',
    text: '<STRING>',
    number: '<NUMBER>',
    symbol: token.image,
    end: '<EOF>',
  };
  const isKeyword = token.kind === 'word' && keywords.has(word);
  const shown =
    token.kind === 'end'
      ? '"<EOF>"'
      : `" ${isKeyword ? `"${word}"` : kinds[token.kind]} "${token.image} ""`;
  const detail = `QueryParserError: Encountered ${shown} at line 1, column ${token.column}.\nWas expecting:\n    ${expected} ...\n    `;
  return new QuickBooksFault('4000', detail);
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  statement(): Statement {
    this.#keyword('select');
    const fields = this.#selection();
    this.#keyword('from');
    const entity = this.#identifier();
    const conditions = this.#takes('where') ? this.#conditions() : [];
    const orders = this.#orders();
    const window = this.#window();
    if (this.#next().kind !== 'end') throw unexpected(this.#next(), '<EOF>');
    return { fields, entity, conditions, orders, ...window };
  }

  #selection(): Statement['fields'] {
    if (this.#symbol('*')) return 'all';
    const fields = [this.#identifier()];
    if (fields[0]?.toLowerCase() === 'count' && this.#symbol('(')) {
      this.#require('*');
      this.#require(')');
      return 'count';
    }
    while (this.#symbol(',')) fields.push(this.#identifier());
    return fields;
  }

  #conditions(): readonly Condition[] {
    const conditions = [this.#condition()];
    while (this.#takes('and')) conditions.push(this.#condition());
    return conditions;
  }

  #condition(): Condition {
    const property = this.#identifier();
    if (this.#takes('in')) return { property, operator: 'in', values: this.#list() };
    if (this.#takes('like')) return { property, operator: 'like', values: [this.#value()] };
    const token = this.#next();
    const operator = comparisons.find((candidate) => candidate === token.value);
    if (token.kind !== 'symbol' || operator === undefined) throw unexpected(token, '<OPERATOR>');
    this.#position += 1;
    return { property, operator, values: [this.#value()] };
  }

  #list(): readonly string[] {
    this.#require('(');
    const values = [this.#value()];
    while (this.#symbol(',')) values.push(this.#value());
    this.#require(')');
    return values;
  }

  #value(): string {
    const token = this.#next();
    const isWord = token.kind === 'word' && /^(true|false)$/i.test(token.value);
    if (token.kind !== 'text' && token.kind !== 'number' && !isWord)
      throw unexpected(token, '<STRING>');
    this.#position += 1;
    return isWord ? token.value.toLowerCase() : token.value;
  }

  #orders(): readonly Order[] {
    if (!this.#takes('orderby')) {
      if (!this.#takes('order')) return [];
      this.#keyword('by');
    }
    const orders = [this.#order()];
    while (this.#symbol(',')) orders.push(this.#order());
    return orders;
  }

  #order(): Order {
    const property = this.#identifier();
    const isDescending = this.#takes('desc');
    if (!isDescending) this.#takes('asc');
    return { property, isDescending };
  }

  /** STARTPOSITION and MAXRESULTS come in either order (quickbooks.md §2.7). */
  #window(): Pick<Statement, 'startPosition' | 'maxResults'> {
    let startPosition: number | undefined;
    let maxResults: number | undefined;
    for (;;) {
      if (startPosition === undefined && this.#takes('startposition'))
        startPosition = this.#whole();
      else if (maxResults === undefined && this.#takes('maxresults')) maxResults = this.#whole();
      else return { startPosition, maxResults };
    }
  }

  #whole(): number {
    const token = this.#next();
    if (token.kind !== 'number' || !/^-?\d{1,9}$/.test(token.value))
      throw unexpected(token, '<INTEGER>');
    this.#position += 1;
    return Number(token.value);
  }

  #next(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', image: '', value: '', column: 1 };
  }

  #takes(keyword: string): boolean {
    const token = this.#next();
    if (token.kind !== 'word' || token.value.toLowerCase() !== keyword) return false;
    this.#position += 1;
    return true;
  }

  #keyword(keyword: string): void {
    if (!this.#takes(keyword)) throw unexpected(this.#next(), `"${keyword}"`);
  }

  #symbol(symbol: string): boolean {
    const token = this.#next();
    if (token.kind !== 'symbol' || token.value !== symbol) return false;
    this.#position += 1;
    return true;
  }

  #require(symbol: string): void {
    if (!this.#symbol(symbol)) throw unexpected(this.#next(), `"${symbol}"`);
  }

  #identifier(): string {
    const token = this.#next();
    if (token.kind !== 'word' || keywords.has(token.value.toLowerCase())) {
      throw unexpected(token, '<IDENTIFIER>');
    }
    this.#position += 1;
    return token.value;
  }
}

const comparisons = ['=', '!=', '<=', '>=', '<', '>'] as const satisfies readonly Operator[];

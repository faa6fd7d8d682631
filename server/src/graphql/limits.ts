import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** The same numbers in development, tests and production (api-and-web.md §1.3). */
export const documentLimits = {
  depthMax: 12,
  aliasesMax: 20,
  directivesMax: 10,
  tokensMax: 2_000,
} as const;

const tooMuch = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: { code: 'LIMIT_EXCEEDED', http: { spec: true, status: 400 } },
  });

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const isIntrospection = (name: string): boolean => name.startsWith('__');

/** Depth of fields under a selection; introspection is free, a fragment that spreads itself ends where it began. */
function depthOf(
  { selections }: SelectionSetNode,
  fragments: Fragments,
  known: Map<string, number>,
): number {
  let deepest = 0;
  for (const selection of selections) {
    let depth = 0;
    if (selection.kind === Kind.FIELD) {
      if (isIntrospection(selection.name.value)) continue;
      const under = selection.selectionSet;
      depth = 1 + (under === undefined ? 0 : depthOf(under, fragments, known));
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      depth = depthOf(selection.selectionSet, fragments, known);
    } else {
      depth = depthOfFragment(selection.name.value, fragments, known);
    }
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function depthOfFragment(name: string, fragments: Fragments, known: Map<string, number>): number {
  const found = known.get(name);
  if (found !== undefined) return found;
  const fragment = fragments.get(name);
  if (fragment === undefined) return 0;
  known.set(name, 0);
  const depth = depthOf(fragment.selectionSet, fragments, known);
  known.set(name, depth);
  return depth;
}

const fragmentsOf = ({ definitions }: DocumentNode): Fragments =>
  new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );

/** How deep an operation reaches, counted in fields. */
const operationDepth = (operation: OperationDefinitionNode, document: DocumentNode): number =>
  depthOf(operation.selectionSet, fragmentsOf(document), new Map());

/** Refuses documents that are deeper, or repeat themselves more, than anything we need; reports, never throws. */
export function limitRule(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  let directives = 0;
  const { depthMax, aliasesMax, directivesMax } = documentLimits;
  return {
    Field: (node) => {
      aliases += node.alias === undefined ? 0 : 1;
      if (aliases === aliasesMax + 1) {
        context.reportError(tooMuch(`A document may use at most ${aliasesMax} aliases.`));
      }
    },
    Directive: () => {
      directives += 1;
      if (directives === directivesMax + 1) {
        context.reportError(tooMuch(`A document may use at most ${directivesMax} directives.`));
      }
    },
    OperationDefinition: (node) => {
      const depth = operationDepth(node, context.getDocument());
      if (depth > depthMax) {
        context.reportError(
          tooMuch(`The operation is ${depth} fields deep; at most ${depthMax} are served.`),
        );
      }
    },
  };
}

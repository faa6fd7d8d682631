import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { globalId } from './global-id.ts';

type UndoHandleShape = {
  readonly token: string;
  readonly label: string;
  readonly expiresAt: Date;
};

export const UndoHandleRef = builder.objectRef<UndoHandleShape>('UndoHandle').implement({
  description: 'Right to take something back for a short while.',
  fields: (t) => ({
    token: t.exposeID('token', { description: 'Token to pass to undo.' }),
    label: t.exposeString('label', { description: 'What would be undone, in words.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'Nothing leaves the bridge before this moment.',
    }),
  }),
});

/** The handle of a token that an action of the caller made. */
export async function undoHandleOf(
  token: string,
  { prisma }: GraphqlContext,
): Promise<UndoHandleShape> {
  const { label, expiresAt } = await prisma.undo.findUniqueOrThrow({
    where: { token },
    select: { label: true, expiresAt: true },
  });
  return { token: globalId('Undo', token), label, expiresAt };
}

import { StartCompanyAuthorizationDocument } from '../graphql/generated/graphql.ts';
import { useAct } from '../graphql/use-act.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { ActRefusal } from './act-refusal.tsx';

type ConnectProps = {
  readonly companyId: string;
  /** Where the consent page comes back to. */
  readonly returnPath: string;
  readonly words: string;
  readonly mayChange: boolean;
};

/** Goes to Intuit's consent page and comes back; the address is good for ten minutes and for this browser only. */
export function ConnectButton({ companyId, returnPath, words, mayChange }: ConnectProps) {
  const { state, act, isActing } = useAct(
    StartCompanyAuthorizationDocument,
    ({ startCompanyAuthorization }) => startCompanyAuthorization,
  );
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const connect = async () => {
    const done = await act((idempotencyKey) => ({
      input: { companyId, returnPath, idempotencyKey },
    }));
    if (done !== null) window.location.assign(done.authorizationUrl);
  };
  return (
    <>
      <Button
        kind="strong"
        disabled={!mayChange || isOffline || isActing}
        onClick={() => void connect()}
      >
        {isActing ? 'Opening QuickBooks…' : words}
      </Button>
      <ActRefusal state={state} />
    </>
  );
}

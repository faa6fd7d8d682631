import { Button } from './button.tsx';

type DialogEndProps = {
  readonly verb: string;
  readonly isReady: boolean;
  readonly onClose: () => void;
};

/** The way back and the act of a dialog's form, always in this order at this edge. */
export function DialogEnd({ verb, isReady, onClose }: DialogEndProps) {
  return (
    <div className="mt-4 flex justify-end gap-2">
      <Button kind="quiet" onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" kind="strong" disabled={!isReady}>
        {verb}
      </Button>
    </div>
  );
}

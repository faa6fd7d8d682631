import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';

type CopyButtonProps = { readonly label: string; readonly text: string };

const saidMs = 1_600;

/** Copies a text and says so for a moment. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const [isCopied, copy] = useCopy(text);
  const Icon = isCopied ? Check : Copy;
  return (
    <IconButton label={isCopied ? 'Copied' : label} onClick={copy}>
      <Icon aria-hidden="true" className="size-3.5" />
    </IconButton>
  );
}

type CopyTextButtonProps = { readonly text: string; readonly children: string };

/** The same with its words beside it. */
export function CopyTextButton({ text, children }: CopyTextButtonProps) {
  const [isCopied, copy] = useCopy(text);
  const Icon = isCopied ? Check : Copy;
  return (
    <Button onClick={copy}>
      <Icon aria-hidden="true" className="size-3.5" />
      <span aria-live="polite">{isCopied ? 'Copied' : children}</span>
    </Button>
  );
}

function useCopy(text: string) {
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), saidMs);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };

  return [isCopied, () => void copy()] as const;
}

import { Search } from 'lucide-react';
import { useState } from 'react';
import {
  Autocomplete,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  TextField,
} from 'react-aria-components';
import type { Key } from 'react-aria-components';
import { Dialog } from '../ui/dialog.tsx';
import { rank } from './rank.ts';
import type { Command } from './rank.ts';
import { useActCommands, useFound, usePlaceCommands } from './use-commands.ts';

type PaletteProps = {
  readonly isOpen: boolean;
  /** What was typed after the palette was asked for and before it was there. */
  readonly typedEarly: string;
  readonly onClose: () => void;
};

/** Go to a page, find an invoice, a customer or a conflict, or do what a key of this page does. */
export function Palette({ isOpen, typedEarly, onClose }: PaletteProps) {
  return (
    <Dialog title="Search or jump" place="top" isOpen={isOpen} onClose={onClose}>
      <PaletteContent typedEarly={typedEarly} onClose={onClose} />
    </Dialog>
  );
}

function PaletteContent({ typedEarly, onClose }: Omit<PaletteProps, 'isOpen'>) {
  const [typed, setTyped] = useState(typedEarly);
  const places = rank(usePlaceCommands(), typed);
  const acts = rank(useActCommands(), typed);
  const found = useFound(typed);
  const all = [...found.commands, ...places, ...acts];
  const run = (id: string) => {
    // The dialog gives the focus back first, so that an act meets the page as it was left.
    onClose();
    const command = all.find((one) => one.id === id);
    if (command !== undefined) setTimeout(command.run);
  };
  return (
    <Autocomplete inputValue={typed} onInputChange={setTyped}>
      <TextField aria-label="Page, invoice, customer, id or act" className="relative">
        <Search
          aria-hidden="true"
          className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-soft"
        />
        <Input
          data-first-focus
          onKeyDown={(event) => {
            // The list marks its first line once something is typed into the field; what was typed early was not.
            const isMarked = event.currentTarget.hasAttribute('aria-activedescendant');
            const [first] = all;
            if (event.key === 'Enter' && typed !== '' && !isMarked && first !== undefined)
              run(first.id);
          }}
          placeholder="Page, invoice number, customer, correlation id…"
          className="h-11 w-full rounded-md border border-line-strong/60 bg-paper pr-3 pl-9 text-base placeholder:text-ink-soft"
        />
      </TextField>
      <p role="status" className="min-h-5 px-1 pt-1 text-xs text-ink-soft">
        {statusOf(found, all.length)}
      </p>
      <Menu
        aria-label="What can be done"
        onAction={(id: Key) => run(String(id))}
        className="max-h-[50dvh] overflow-y-auto outline-none"
      >
        <Commands title="Found" commands={found.commands} />
        <Commands title="Go to" commands={places} />
        <Commands title="On this page" commands={acts} />
      </Menu>
    </Autocomplete>
  );
}

function statusOf(found: ReturnType<typeof useFound>, count: number): string {
  if (found.failure !== null) return `Invoices could not be searched. ${found.failure.sentence}`;
  if (found.isLooking) return 'Looking through the invoices…';
  if (found.isAsked && found.commands.length === 0)
    return count === 0 ? 'Nothing is called so.' : 'No invoice, customer or conflict is called so.';
  return '';
}

type CommandsProps = { readonly title: string; readonly commands: readonly Command[] };

function Commands({ title, commands }: CommandsProps) {
  if (commands.length === 0) return null;
  return (
    <MenuSection className="mb-1">
      <Header className="px-2 py-1 text-xs font-semibold text-ink-soft">{title}</Header>
      {commands.map(({ id, label, shortcut }) => (
        <MenuItem
          key={id}
          id={id}
          textValue={label}
          className="flex min-h-9 cursor-pointer items-center justify-between gap-3 rounded-md px-2 outline-none data-focused:bg-raised"
        >
          <span className="min-w-0 truncate">{label}</span>
          {shortcut !== undefined && (
            <kbd className="rounded border border-line bg-surface px-1.5 font-mono text-xs text-ink-soft">
              {shortcut}
            </kbd>
          )}
        </MenuItem>
      ))}
    </MenuSection>
  );
}

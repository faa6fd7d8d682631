import { paths } from './paths.ts';

const listeners = new Set<() => void>();
let isOn = false;
let isAsked = false;

const saysOn = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && Reflect.get(answer, 'isOn') === true;

async function ask(): Promise<void> {
  try {
    const response = await fetch(paths.demo(), { headers: { accept: 'application/json' } });
    isOn = response.ok && saysOn(await response.json());
  } catch {
    // No answer: the connection banner says so; the next visit of the page asks again.
    isAsked = false;
  }
  for (const changed of listeners) changed();
}

/** Whether the simulators run here; asked once per tab, false until the answer is there. */
export const demoMode = {
  isOn: () => isOn,
  subscribe: (changed: () => void) => {
    listeners.add(changed);
    if (!isAsked) {
      isAsked = true;
      void ask();
    }
    return () => void listeners.delete(changed);
  },
};

import { describe, expect, test } from 'vitest';
import { limits, type Bench } from './accounting-bench.ts';

/** What is known after a call went wrong, and what sending it again does. */
export function mishapsContract(bench: () => Bench): void {
  describe('when the answer goes wrong', () => {
    test('a write that never arrived may have happened, and is made by sending it again', async () => {
      const intended = bench().write('CREATED', bench().spelled(bench().numbered()));
      const before = (await bench().world.mutations()).length;
      await bench().world.mishap('lost before');

      expect(await bench().send(intended)).toMatchObject({ failure: { kind: 'no-answer' } });
      expect((await bench().world.mutations()).length).toBe(before);
      expect((await bench().send(intended)).ok).toBe(true);
      expect((await bench().world.mutations()).length).toBe(before + 1);
    });

    test.each(['lost after', 'error after'] as const)(
      'a write whose answer was %s is there once when sent again',
      async (kind) => {
        const intended = bench().write('CREATED', bench().spelled(bench().numbered()));
        const before = (await bench().world.mutations()).length;
        await bench().world.mishap(kind);

        expect(await bench().send(intended)).toMatchObject({ failure: { kind: 'no-answer' } });
        expect((await bench().send(intended)).ok).toBe(true);
        expect((await bench().world.mutations()).length).toBe(before + 1);
      },
    );

    test('being asked to slow down is neither failure nor success', async () => {
      await bench().world.mishap('throttled');

      expect(await bench().create(bench().numbered())).toMatchObject({
        failure: { kind: 'throttled' },
      });
    });

    test('no time left means nothing is sent', async () => {
      const before = (await bench().world.mutations()).length;
      const signal = AbortSignal.abort();

      const outcome = await bench().world.system.write(
        bench().write('CREATED', bench().spelled(bench().numbered())),
        {
          ...limits,
          signal,
        },
      );

      expect(outcome).toMatchObject({ failure: { kind: 'not-sent' } });
      expect((await bench().world.mutations()).length).toBe(before);
    });
  });
}

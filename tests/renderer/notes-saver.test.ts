import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { fromBase64, toBase64 } from '../../renderer/features/notes/base64.ts';
import { NoteSaver, type SaveState } from '../../renderer/features/notes/note-saver.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import { LIMITS } from '../../shared/sync/protocol.ts';

const ok: CallResult<unknown> = { ok: true, value: undefined };
const full: CallResult<unknown> = { ok: false, error: { code: 'disk_full', message: 'The disk is full.' } };

/** A document as typed, and a stored one made only of what was sent. */
function start(answer: (call: number) => CallResult<unknown> | Promise<CallResult<unknown>> = () => ok) {
	const typed = new Y.Doc();
	const stored = new Y.Doc();
	const sent: Uint8Array[] = [];
	const states: SaveState[] = [];
	let calls = 0;
	const saver = new NoteSaver({
		send: async (update) => {
			const result = await answer(calls++);
			if (result.ok) {
				sent.push(update);
				Y.applyUpdate(stored, fromBase64(toBase64(update)));
			}
			return result;
		},
		merge: (updates) => Y.mergeUpdates(updates),
		onState: (state) => states.push(state),
		now: () => new Date('2026-11-24T10:00:00Z'),
		gatherMs: 400,
	});
	typed.on('update', (update: Uint8Array) => saver.add(update));
	const write = (text: string) => typed.getText('t').insert(typed.getText('t').length, text);
	return {
		saver,
		sent,
		states,
		write,
		typed: () => String(typed.getText('t')),
		stored: () => String(stored.getText('t')),
		calls: () => calls,
	};
}

describe('NoteSaver', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it('gathers keys and sends them as one update, at most 400 ms after the first', async () => {
		const note = start();
		for (const key of 'Korea') {
			note.write(key);
			await vi.advanceTimersByTimeAsync(50);
		}
		expect(note.calls()).toBe(0);
		await vi.advanceTimersByTimeAsync(150);
		expect(note.sent).toHaveLength(1);
		expect(note.stored()).toBe('Korea');
	});

	it('does not wait for a pause: someone who never stops typing is saved all the same', async () => {
		const note = start();
		for (let key = 0; key < 100; key++) {
			note.write('x');
			await vi.advanceTimersByTimeAsync(30);
		}
		expect(note.stored().length).toBeGreaterThan(80);
		expect(note.sent.length).toBeLessThan(12);
	});

	it('says saved only after the answer', async () => {
		let answer: (result: CallResult<unknown>) => void = () => undefined;
		const note = start(
			() =>
				new Promise((resolve) => {
					answer = resolve;
				}),
		);
		note.write('a');
		await vi.advanceTimersByTimeAsync(500);
		expect(note.states.at(-1)).toEqual({ at: 'saving' });
		expect(note.saver.dirty).toBe(true);
		answer(ok);
		await vi.advanceTimersByTimeAsync(0);
		expect(note.states.at(-1)).toEqual({ at: 'saved', when: new Date('2026-11-24T10:00:00Z') });
		expect(note.saver.dirty).toBe(false);
	});

	it('is not saved while a key typed during the call waits', async () => {
		let answer: (result: CallResult<unknown>) => void = () => undefined;
		const note = start(
			() =>
				new Promise((resolve) => {
					answer = resolve;
				}),
		);
		note.write('a');
		await vi.advanceTimersByTimeAsync(500);
		note.write('b');
		answer(ok);
		await vi.advanceTimersByTimeAsync(0);
		expect(note.states.map((state) => state.at)).not.toContain('saved');
		answer(ok);
		await vi.advanceTimersByTimeAsync(1);
		expect(note.states.at(-1)?.at).toBe('saved');
		expect(note.stored()).toBe('ab');
	});

	it('keeps what failed, tries again by itself, and drops nothing', async () => {
		const note = start((call) => (call < 2 ? full : ok));
		note.write('one ');
		await vi.advanceTimersByTimeAsync(500);
		expect(note.states.at(-1)).toMatchObject({ at: 'failed', error: { code: 'disk_full' } });
		note.write('two ');
		expect(note.states.at(-1)?.at).toBe('failed');
		await vi.advanceTimersByTimeAsync(2_000);
		note.write('three');
		await vi.advanceTimersByTimeAsync(5_000);
		expect(note.stored()).toBe('one two three');
		expect(note.sent).toHaveLength(1);
		expect(note.states.at(-1)?.at).toBe('saved');
	});

	it('tries at once when asked', async () => {
		const note = start((call) => (call === 0 ? full : ok));
		note.write('kept');
		await vi.advanceTimersByTimeAsync(500);
		await note.saver.flush();
		expect(note.stored()).toBe('kept');
	});

	it('counts a broken bridge as a failure', async () => {
		const note = start((call) => {
			if (call === 0) throw new Error('gone');
			return ok;
		});
		note.write('kept');
		await vi.advanceTimersByTimeAsync(500);
		expect(note.states.at(-1)?.at).toBe('failed');
		await vi.advanceTimersByTimeAsync(2_000);
		expect(note.stored()).toBe('kept');
	});

	it('flush sends at once and waits for all of it', async () => {
		const note = start();
		note.write('last words');
		await note.saver.flush();
		expect(note.stored()).toBe('last words');
		expect(note.saver.dirty).toBe(false);
	});

	it('never has two calls under way, and keeps their order', async () => {
		let running = 0;
		let most = 0;
		const note = start(async () => {
			most = Math.max(most, ++running);
			await new Promise((resolve) => setTimeout(resolve, 700));
			running--;
			return ok;
		});
		for (let word = 0; word < 20; word++) {
			note.write(`${word} `);
			await vi.advanceTimersByTimeAsync(200);
		}
		await vi.advanceTimersByTimeAsync(5_000);
		expect(most).toBe(1);
		expect(note.stored()).toBe(note.typed());
	});

	it('splits what is too large for one call, and for one update of the server', async () => {
		const note = start();
		for (let part = 0; part < 6; part++) note.write('x'.repeat(300_000));
		await note.saver.flush();
		expect(note.sent.length).toBeGreaterThan(1);
		for (const update of note.sent) expect(update.length).toBeLessThanOrEqual(LIMITS.bytesPerText);
		expect(note.stored()).toBe(note.typed());
	});

	it('sends the last keys before the window goes, even while a call is under way; saved is said after both', async () => {
		const answers: ((result: CallResult<unknown>) => void)[] = [];
		const note = start(() => new Promise((resolve) => answers.push(resolve)));
		note.write('first ');
		await vi.advanceTimersByTimeAsync(400);
		note.write('last');
		note.saver.hurry();
		expect(note.calls()).toBe(2);
		answers[0]?.(ok);
		await vi.advanceTimersByTimeAsync(0);
		expect(note.states.at(-1)?.at).toBe('saving');
		expect(note.saver.dirty).toBe(true);
		answers[1]?.(ok);
		await vi.advanceTimersByTimeAsync(0);
		expect(note.states.at(-1)?.at).toBe('saved');
		expect(note.saver.dirty).toBe(false);
		expect(note.stored()).toBe('first last');
	});
});

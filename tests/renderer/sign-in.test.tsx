import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { LeaseGate } from '../../renderer/app/LeaseGate.tsx';
import { LeaseLine, SignInLine } from '../../renderer/features/sync/SignInLine.tsx';
import { Toasts } from '../../renderer/ui/Toasts.tsx';
import type { SessionStatus, SignInAnswer } from '../../shared/contract/session.ts';
import { draw } from './screen.tsx';

const standing = (more: Partial<SessionStatus>) => ({
	'session.status': (): SessionStatus => ({
		state: 'signed_in',
		name: 'Ada Lind',
		signedInAt: '2026-11-20T09:00:00.000Z',
		expiredAt: null,
		lease: { state: 'ok', daysLeft: 30, contactAt: '2026-11-23T09:00:00.000Z' },
		...more,
	}),
});
const expired = { state: 'expired', signedInAt: null, expiredAt: '2026-11-22T09:00:00.000Z' } as const;

/** Draws the line; `answer` ends the sign-in that it has begun. */
async function drawLine(more: Partial<SessionStatus>, answers = {}) {
	const begun = Promise.withResolvers<SignInAnswer>();
	const signIn = vi.fn((step: 'begin' | 'cancel') =>
		step === 'begin' ? begun.promise : Promise.resolve<SignInAnswer>({ ok: true }),
	);
	draw(
		<>
			<SignInLine />
			<Toasts />
		</>,
		{ answers: { ...standing(more), ...answers } },
	);
	Object.defineProperty(window, 'fieldbook', { value: { ...window.fieldbook, signIn }, configurable: true });
	await screen.findByRole('button', { name: /^Sign/ });
	return { signIn, answer: (value: SignInAnswer) => act(async () => begun.resolve(value)) };
}

const press = (name: string) => act(async () => fireEvent.click(screen.getByRole('button', { name })));

describe('who is signed in', () => {
	it('is said by name, and they can sign out', async () => {
		const signOut = vi.fn();
		await drawLine({}, { 'session.signOut': signOut });
		expect(screen.getByText(/Signed in as Ada Lind/)).toBeDefined();
		await press('Sign out');
		expect(signOut).toHaveBeenCalledOnce();
	});

	it('an ended sign-in says that work goes on, and is begun again in the browser', async () => {
		const { signIn, answer } = await drawLine(expired);
		expect(screen.getByText(/Your sign-in ended on/)).toBeDefined();
		expect(screen.getByText(/You can go on working/)).toBeDefined();
		await press('Sign in again');
		expect(signIn).toHaveBeenCalledWith('begin');
		expect(screen.getByText('Your browser is waiting for you.')).toBeDefined();
		await answer({ ok: false, problem: 'unreachable' });
		expect(screen.getByText(/The office cannot be reached now/)).toBeDefined();
		expect(screen.getByRole('button', { name: 'Sign in again' })).toBeDefined();
	});

	it('a sign-in that waits for the browser can be called off without a word', async () => {
		const { signIn, answer } = await drawLine({ state: 'signed_out', signedInAt: null, name: null });
		await press('Sign in');
		await press('Cancel');
		expect(signIn).toHaveBeenLastCalledWith('cancel');
		await answer({ ok: false, problem: 'cancelled' });
		expect(screen.queryByText(/sign-in was not completed/)).toBeNull();
	});

	it('nothing is said where nobody signs in', async () => {
		draw(<SignInLine />, { answers: standing({ state: 'fixed', signedInAt: null }) });
		await act(async () => undefined);
		expect(screen.queryByRole('button')).toBeNull();
	});
});

describe('how long without a contact', () => {
	const leased = (state: SessionStatus['lease']['state'], daysLeft: number) =>
		standing({ lease: { state, daysLeft, contactAt: '2026-10-24T09:00:00.000Z' } });

	it('is said in the last week only', async () => {
		const { unmount } = draw(<LeaseLine className={undefined} />, { answers: leased('soon', 3) });
		expect(await screen.findByText(/Go online within 3 days/)).toBeDefined();
		unmount();
		draw(<LeaseLine className={undefined} />, { answers: leased('ok', 20) });
		await act(async () => undefined);
		expect(screen.queryByText(/Go online/)).toBeNull();
	});

	it('when it is over the workbook is shut, says that nothing was deleted, and offers the contact', async () => {
		const sync = vi.fn(() => ({ problem: 'unreachable' }));
		draw(<LeaseGate>the workbook</LeaseGate>, { answers: { ...leased('over', 0), 'sync.now': sync } });
		expect(await screen.findByRole('heading', { name: 'Connect once to open the workbook' })).toBeDefined();
		expect(screen.queryByText('the workbook')).toBeNull();
		expect(screen.getByText(/Nothing has been deleted/)).toBeDefined();
		await press('Connect now');
		expect(sync).toHaveBeenCalledOnce();
		expect(screen.getByRole('button', { name: 'Connect now' })).toBeDefined();
	});
});

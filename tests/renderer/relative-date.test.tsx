import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { draw } from './screen.tsx';

describe('a date in a list', () => {
	beforeEach(() => {
		vi.useFakeTimers({ now: new Date(2026, 10, 23, 12, 0), toFake: ['Date'] });
		vi.resetModules();
	});
	afterEach(() => void vi.useRealTimers());

	async function date(props: { day: string | null; warnWithin?: number; withDate?: boolean }) {
		const { RelativeDate } = await import('../../renderer/ui/RelativeDate.tsx');
		return draw(<RelativeDate {...props} />);
	}

	it('is told from today and exact on hover', async () => {
		await date({ day: '2026-11-26' });
		expect(screen.getByText('in 3 days').closest('time')?.title).toBe('Thu 26 Nov 2026');
	});

	it('is red when it has passed and amber when it is near, and plain where that means nothing', async () => {
		await date({ day: '2026-11-22', warnWithin: 7 });
		expect(screen.getByText('yesterday').className).toContain('red');
		await date({ day: '2026-11-26', warnWithin: 7 });
		expect(screen.getByText('in 3 days').className).toContain('amber');
		await date({ day: '2026-11-20' });
		expect(screen.getByText('3 days ago').className).toBe('');
	});

	it('that is missing says so', async () => {
		await date({ day: null });
		expect(screen.getByText('none')).toBeTruthy();
	});
});

describe('a time told from now', () => {
	beforeEach(() => {
		vi.useFakeTimers({ now: new Date(2026, 10, 23, 12, 0) });
		vi.resetModules();
	});
	afterEach(() => void vi.useRealTimers());

	it('goes on with the clock, and is right at once on a screen that is opened later', async () => {
		const { RelativeTime } = await import('../../renderer/ui/RelativeDate.tsx');
		const at = new Date(2026, 10, 23, 11, 58).toISOString();
		const { unmount } = draw(<RelativeTime at={at} />);
		expect(screen.getByText('2 minutes ago')).toBeTruthy();
		await act(async () => void (await vi.advanceTimersByTimeAsync(60_000)));
		expect(screen.getByText('3 minutes ago')).toBeTruthy();
		unmount();
		await vi.advanceTimersByTimeAsync(20 * 60_000 + 5_000);
		draw(<RelativeTime at={at} />);
		expect(screen.getByText('23 minutes ago')).toBeTruthy();
	});
});

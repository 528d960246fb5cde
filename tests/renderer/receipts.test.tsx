import { useQueryClient } from '@tanstack/react-query';
import { act, fireEvent, screen } from '@testing-library/react';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { receiptPage, receipts, syncStates, syncStatus } from '../../renderer/dev/fake-sync.ts';
import { newsOf, receiptText, tellingOf } from '../../renderer/features/receipts/receipt-words.ts';
import { isNews, useSyncNews } from '../../renderer/features/receipts/use-sync-news.ts';
import { Toasts } from '../../renderer/ui/Toasts.tsx';
import { ReceiptView } from '../../renderer/views/sync/ReceiptView.tsx';
import { SyncView } from '../../renderer/views/sync/SyncView.tsx';
import type { ReceiptRow } from '../../shared/contract/sync-models.ts';
import { draw } from './screen.tsx';

const merged = receipts[0] as ReceiptRow;

beforeAll(() => {
	Object.defineProperties(window.HTMLElement.prototype, {
		clientHeight: { configurable: true, get: () => 640 },
		clientWidth: { configurable: true, get: () => 800 },
	});
});

describe('a receipt in words', () => {
	it('says figures first and names the one that merged', () => {
		expect(newsOf(merged)).toBe(
			'Sent 12, received 40, 1 to decide, merged 1: I-503 (priority yours, due date Ben Roth’s)',
		);
		expect(newsOf({ ...merged, merged: 0, toDecide: 0, summary: '12 sent; 40 received' })).toBe('Sent 12, received 40');
		const one = { ...merged, merged: 0, toDecide: 0, sent: 1, received: 0, summary: 'sent: I-503 (priority High)' };
		expect(newsOf(one)).toBe('Sent: I-503 (priority High)');
		expect(tellingOf(one)).toBe('Sent: I-503 (priority High)');
	});

	it('tells in a list what the figures beside it do not', () => {
		expect(tellingOf(merged)).toMatch(/^Merged: I-503 .*; to decide: I-504/);
		expect(tellingOf({ ...merged, merged: 0, toDecide: 0, summary: '1 sent' })).toBe('Sent 12, received 40');
	});

	it('is worth a toast when it asks for something, was asked for, or comes home from a journey', () => {
		const row = { ...merged, merged: 0, toDecide: 0, refused: 0 };
		const not = { asked: false, wasAway: false };
		expect(isNews(row, not)).toBe(false);
		expect(isNews(row, { asked: true, wasAway: false })).toBe(true);
		expect(isNews(row, { asked: false, wasAway: true })).toBe(true);
		expect(isNews({ ...row, sent: 0 }, { asked: false, wasAway: true })).toBe(false);
		for (const part of ['merged', 'toDecide', 'refused'] as const)
			expect(isNews({ ...row, [part]: 1 }, not)).toBe(true);
		expect(isNews({ ...row, problem: 'unreachable' }, { asked: true, wasAway: true })).toBe(false);
	});

	it('is copied whole, with what is only counted', () => {
		const text = receiptText(receiptPage(4));
		expect(text).toContain('Merged without asking\n- I-503 Late receipt from the agent in Korea, Halden Pharma AG');
		expect(text).toContain('- and 39 more');
		expect(text.indexOf('To decide')).toBeLessThan(text.indexOf('Received'));
	});
});

describe('the page of a receipt', () => {
	it('lists its parts with the way to each record, and prints', async () => {
		const { hook } = memoryLocation({ path: '/sync/receipts/4' });
		const print = vi.fn();
		Object.defineProperty(window, 'print', { value: print, configurable: true });
		draw(
			<Router hook={hook}>
				<ReceiptView id={4} />
			</Router>,
		);
		for (const name of ['To decide 1', 'Refused 1', 'Kept 1', 'Sent 12', 'Received 40', 'Files 1'])
			expect(await screen.findByRole('heading', { name })).toBeTruthy();
		const link = screen.getAllByRole('link', { name: /I-503/ })[0];
		expect(link?.getAttribute('href')).toBe('/issues/iss-2');
		fireEvent.click(screen.getByRole('button', { name: /Print/ }));
		expect(print).toHaveBeenCalledTimes(1);
	});
});

describe('the list of receipts', () => {
	it('stands by day and asks core for the words looked for', async () => {
		const { hook } = memoryLocation({ path: '/sync/receipts' });
		const asked: unknown[] = [];
		draw(
			<Router hook={hook}>
				<SyncView part="receipts" />
			</Router>,
			{
				answers: {
					'receipts.list': (input) => {
						asked.push(input);
						return input['text'] === 'korea' ? [] : receipts;
					},
				},
			},
		);
		const grid = await screen.findByRole('grid', { name: 'Sync receipts' });
		expect(grid.querySelectorAll('th[scope="rowgroup"]')).toHaveLength(3);
		fireEvent.change(screen.getByLabelText('Find in receipts'), { target: { value: 'korea' } });
		expect(await screen.findByText('No receipt matches')).toBeTruthy();
		expect(asked.at(-1)).toEqual({ text: 'korea', offset: 0, limit: 100 });
	});
});

describe('news of a sync', () => {
	let say: (row: ReceiptRow[], state?: string) => void;

	function News() {
		const client = useQueryClient();
		say = (rows, state = 'acknowledged') => {
			client.setQueryData(['sync.status', {}], { ...syncStatus, ...syncStates['acknowledged'], state });
			client.setQueryData(['receipts.list', { text: '', offset: 0, limit: 1 }], rows);
		};
		useSyncNews();
		return <Toasts />;
	}

	beforeEach(async () => {
		vi.useFakeTimers({ shouldAdvanceTime: true });
		const { hook } = memoryLocation({ path: '/' });
		draw(
			<Router hook={hook}>
				<News />
			</Router>,
			{
				answers: {
					'receipts.list': () => [merged],
					'sync.status': () => ({ ...syncStatus, ...syncStates['acknowledged'] }),
				},
			},
		);
		await act(async () => void (await vi.advanceTimersByTimeAsync(20)));
		return () => vi.useRealTimers();
	});

	const wait = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

	it('comes once, quietly, with a link, after the receipt has come to rest', async () => {
		expect(screen.queryByText(/Sent 12/)).toBeNull();
		const row = { ...merged, id: 9, sent: 13 };
		await act(async () => say([row], 'syncing'));
		await wait(3000);
		expect(screen.queryByText(/Sent 13/)).toBeNull();
		await act(async () => say([row]));
		await wait(1500);
		expect(screen.getByText(/Sent 13, received 40, 1 to decide, merged 1/)).toBeTruthy();
		expect(screen.getByRole('link', { name: 'Receipt' }).getAttribute('href')).toBe('/sync/receipts/9');
		expect(screen.queryByRole('dialog')).toBeNull();
		await act(async () => say([{ ...row }]));
		await wait(1500);
		expect(screen.getAllByText(/Sent 13/)).toHaveLength(1);
	});

	it.each([
		['kept after all: Q3 review (stays: it was edited by Ben Roth after you deleted it here)', /Q3 review \(stays:/],
		['2 kept after all', /2 kept after all/],
		['sent late: Call (sent after the account had gone to somebody else, who is told)', /Call \(sent after/],
	])('tells unasked: %s', async (told, words) => {
		const row = { ...merged, id: 11, merged: 0, toDecide: 0, refused: 0, sent: 1, summary: `1 sent; ${told}` };
		await act(async () => say([row]));
		await wait(1500);
		expect(screen.getByText(words)).toBeTruthy();
	});

	it('stays silent for a small sync that nobody asked for', async () => {
		await act(async () => say([{ ...merged, id: 10, merged: 0, toDecide: 0, sent: 77 }]));
		await wait(2000);
		expect(screen.queryByText(/Sent 77/)).toBeNull();
	});
});

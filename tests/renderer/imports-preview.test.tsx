import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useImport } from '../../renderer/features/imports/use-import.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { ImportPreview, ImportSettings } from '../../shared/contract/models.ts';

interface Asked {
	method: string;
	input: { settings?: Partial<ImportSettings> };
	answer(result: CallResult<unknown>): void;
}

let asked: Asked[] = [];

function preview(patch: Partial<ImportPreview> = {}): CallResult<ImportPreview> {
	const settings: ImportSettings = {
		encoding: 'utf-8',
		delimiter: ';',
		sheet: null,
		headerRow: 1,
		mapping: ['patent_asset.client_ref', 'patent_asset.filing_date'],
		dateStyles: { 1: 'dmy' },
	};
	const value = { fileName: 'a.csv', settings, rows: 10, ready: 9, rejected: 1, blocked: null, ...patch };
	return { ok: true, value: value as ImportPreview };
}

async function settle(ms = 0) {
	await act(() => vi.advanceTimersByTimeAsync(ms));
}

async function openFile() {
	const hook = renderHook(() => useImport('acc-1'));
	act(() => hook.result.current.open({ token: 't1', name: 'a.csv', sizeBytes: 10 }));
	await settle();
	asked[0]?.answer(preview());
	await settle();
	return hook;
}

describe('the preview of an import', () => {
	beforeEach(() => {
		vi.useFakeTimers();
		asked = [];
		const call = (method: string, input: Asked['input']) =>
			new Promise<CallResult<unknown>>((answer) => asked.push({ method, input, answer }));
		Object.defineProperty(window, 'fieldbook', { value: { call }, configurable: true });
	});
	afterEach(() => void vi.useRealTimers());

	it('asks with nothing settled first, so that everything is guessed', async () => {
		const { result } = await openFile();
		expect(asked[0]?.input.settings).toEqual({});
		expect(result.current.preview?.ready).toBe(9);
	});

	it('asks once for several quick changes', async () => {
		const { result } = await openFile();
		act(() => result.current.changeLayout({ delimiter: ',' }));
		await settle(50);
		act(() => result.current.changeLayout({ delimiter: '|' }));
		await settle(300);
		expect(asked).toHaveLength(2);
		expect(asked[1]?.input.settings).toEqual({ delimiter: '|' });
	});

	it('drops an answer that comes after a later question', async () => {
		const { result } = await openFile();
		act(() => result.current.changeLayout({ encoding: 'macintosh' }));
		await settle(300);
		act(() => result.current.changeLayout({ encoding: 'windows-1252' }));
		await settle(300);
		asked[2]?.answer(preview({ ready: 7 }));
		await settle();
		asked[1]?.answer(preview({ ready: 1 }));
		await settle();
		expect(result.current.preview?.ready).toBe(7);
		expect(result.current.reading).toBe(false);
	});

	it('guesses the columns again when the file is cut another way, and keeps them when only one target changes', async () => {
		const { result } = await openFile();
		act(() => result.current.changeTarget(1, 'patent_asset.client_ref'));
		await settle(300);
		expect(asked[1]?.input.settings).toEqual({ mapping: [null, 'patent_asset.client_ref'] });
		act(() => result.current.changeLayout({ headerRow: 3 }));
		await settle(300);
		expect(asked[2]?.input.settings).toEqual({ headerRow: 3 });
	});

	it('keeps the last preview on screen when the next one fails', async () => {
		const { result } = await openFile();
		act(() => result.current.changeStyle(1, 'mdy'));
		await settle(300);
		expect(asked[1]?.input.settings).toEqual({ dateStyles: { 1: 'mdy' } });
		asked[1]?.answer({ ok: false, error: { code: 'file_gone', message: 'gone' } });
		await settle();
		expect(result.current.preview?.ready).toBe(9);
		expect(result.current.failure?.code).toBe('file_gone');
	});

	it('writes nothing before it is told to, and then exactly what was shown', async () => {
		const { result } = await openFile();
		expect(asked.map((one) => one.method)).toEqual(['imports.preview']);
		act(() => result.current.start());
		await settle();
		expect(asked[1]).toMatchObject({ method: 'imports.commit', input: { settings: { delimiter: ';', headerRow: 1 } } });
		expect(result.current.run.at).toBe('importing');
		act(() => result.current.cancel());
		expect(asked[2]?.method).toBe('calls.cancel');
		asked[1]?.answer({ ok: false, error: { code: 'cancelled', message: 'Cancelled.' } });
		await settle();
		expect(result.current.run).toMatchObject({ at: 'failed', error: { code: 'cancelled' } });
	});
});

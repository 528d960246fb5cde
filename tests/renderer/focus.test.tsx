import { act, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepFocus } from '../../renderer/lib/keep-focus.ts';
import { Overlay } from '../../renderer/ui/Overlay.tsx';
import { draw } from './screen.tsx';

let stop: () => void = () => undefined;
beforeEach(() => {
	stop = keepFocus();
});
afterEach(() => stop());

const named = (name: string) => screen.getByRole('button', { name });
const settled = () => act(async () => void (await new Promise((resolve) => setTimeout(resolve))));

function Sheet() {
	const [open, setOpen] = useState(false);
	return (
		<main>
			<button type="button" onClick={() => setOpen(true)}>
				Open
			</button>
			{open ? (
				<Overlay label="Sheet" onClose={() => setOpen(false)}>
					<button type="button" onClick={() => setOpen(false)}>
						Close
					</button>
				</Overlay>
			) : null}
		</main>
	);
}

function Rows() {
	const [rows, setRows] = useState(['One', 'Two', 'Three']);
	const [page, setPage] = useState(1);
	return (
		<main key={page}>
			{rows.map((row) => (
				<button key={row} type="button" onClick={() => setRows(rows.filter((other) => other !== row))}>
					{row}
				</button>
			))}
			<button type="button" onClick={() => setPage(page + 1)}>
				Next page
			</button>
		</main>
	);
}

describe('the cursor', () => {
	it('comes back to where it was when a dialog goes, however it was closed', async () => {
		draw(<Sheet />);
		act(() => named('Open').focus());
		fireEvent.click(named('Open'));
		act(() => screen.getByText('Close').focus());
		fireEvent.click(screen.getByText('Close'));
		await settled();
		expect(document.activeElement).toBe(named('Open'));
	});

	it('goes to what follows when the row it stands on goes, and to what came before at the end', async () => {
		draw(<Rows />);
		for (const [press, next] of [
			['Two', 'Three'],
			['Three', 'Next page'],
		] as const) {
			act(() => named(press).focus());
			fireEvent.click(named(press));
			await settled();
			expect(document.activeElement).toBe(named(next));
		}
	});

	it('is left alone when another page comes', async () => {
		draw(<Rows />);
		act(() => named('Next page').focus());
		fireEvent.click(named('Next page'));
		await settled();
		expect(document.activeElement).toBe(document.body);
	});
});

import { act, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Router, useLocation } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { Palette } from '../../renderer/app/palette/Palette.tsx';
import { useCommand } from '../../renderer/lib/use-command.ts';
import { draw } from './screen.tsx';

const undone = vi.fn();

function Screen({ onClose }: { onClose(): void }) {
	const [location] = useLocation();
	const [text, setText] = useState('');
	useCommand('undo', undone);
	return (
		<>
			<output>{location}</output>
			<Palette text={text} onText={setText} onClose={onClose} />
		</>
	);
}

function open() {
	const onClose = vi.fn();
	const { hook } = memoryLocation({ path: '/accounts' });
	draw(
		<Router hook={hook}>
			<Screen onClose={onClose} />
		</Router>,
	);
	return { onClose, box: screen.getByLabelText<HTMLInputElement>('Search or run a command', { selector: 'input' }) };
}

const type = async (box: HTMLElement, text: string) => {
	await act(async () => void fireEvent.change(box, { target: { value: text } }));
	await act(async () => new Promise((resolve) => setTimeout(resolve, 20)));
};

beforeAll(() => {
	// Not in the simulated DOM.
	window.HTMLDialogElement.prototype.showModal = function show() {
		this.open = true;
	};
});
beforeEach(() => undone.mockReset());

describe('the palette', () => {
	it('offers only commands that something on screen answers, each with its keys', () => {
		open();
		const options = screen.getAllByRole('option').map((option) => option.textContent);
		expect(options).toEqual(['Undo the last changeCtrl Z']);
	});

	it('runs the chosen command and closes', async () => {
		const { onClose, box } = open();
		await type(box, 'undo');
		await act(async () => void fireEvent.keyDown(box, { key: 'Enter' }));
		expect(undone).toHaveBeenCalledTimes(1);
		expect(onClose).toHaveBeenCalled();
	});

	it('finds records and goes to them', async () => {
		const { box } = open();
		await type(box, 'halden');
		expect(screen.getByRole('option', { name: /Halden Pharma AG/ })).toBeTruthy();
		await act(async () => void fireEvent.keyDown(box, { key: 'Enter' }));
		expect(screen.getByRole('status', { hidden: true }).textContent).toBe('/accounts/acc-2');
	});

	it('looks for records from two characters on', async () => {
		const { box } = open();
		const asked = vi.spyOn(window.fieldbook, 'call');
		await type(box, 'h');
		expect(asked).not.toHaveBeenCalled();
		expect(screen.queryByRole('option', { name: /Halden Pharma AG/ })).toBeNull();
		await type(box, 'ha');
		expect(asked).toHaveBeenCalledWith('search.find', { text: 'ha', limit: 20 });
		expect(screen.getByRole('option', { name: /Halden Pharma AG/ })).toBeTruthy();
	});

	it('says so when nothing is called that', async () => {
		const { box } = open();
		await type(box, 'zzz');
		expect(screen.getByText(/Nothing here is called that/)).toBeTruthy();
	});
});

import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useAnswer } from '../../lib/core.ts';
import { placeOf } from '../../lib/places.ts';
import { runCommand, useCommandVersion } from '../../lib/use-command.ts';
import { Overlay } from '../../ui/Overlay.tsx';
import styles from './Palette.module.css';
import { PaletteList } from './PaletteList.tsx';
import { commandItems, type PaletteItem, recordItems } from './palette-items.ts';

function useItems(text: string): PaletteItem[] {
	// Which commands are answered lives outside React; the compiler must not remember an older set.
	'use no memo';
	useCommandVersion();
	const asked = useDeferredValue(text.trim());
	const found = useAnswer('search.find', { text: asked, limit: 20 }, { enabled: asked.length > 0, keep: true });
	const hits = text.trim() === '' ? [] : (found.data ?? []);
	return [...recordItems(hits), ...commandItems(text)];
}

/** Ctrl/Cmd+K: every record and every command by a few letters, each command with its keys beside it. */
export function Palette({ onClose }: { onClose(): void }) {
	const [text, setText] = useState('');
	const [at, setAt] = useState(0);
	const [, go] = useLocation();
	const id = useId();
	const box = useRef<HTMLInputElement>(null);
	const items = useItems(text);
	const chosen = Math.min(at, items.length - 1);
	useEffect(() => box.current?.focus(), []);
	const run = (item: PaletteItem | undefined) => {
		if (!item) return;
		onClose();
		if (item.kind === 'command') queueMicrotask(() => runCommand(item.command.id));
		else {
			const place = placeOf({ entity: item.hit.entity, id: item.hit.id, account_id: item.hit.account_id });
			if (place) go(place);
		}
	};
	const onKeyDown = (event: KeyboardEvent) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (step) setAt((chosen + step + items.length) % Math.max(items.length, 1));
		else if (event.key === 'Enter') run(items[chosen]);
		else return;
		event.preventDefault();
	};
	return (
		<Overlay label="Search or run a command" place="top" onClose={onClose}>
			<input
				ref={box}
				type="text"
				role="combobox"
				aria-expanded
				aria-controls={`${id}list`}
				aria-activedescendant={items[chosen] ? `${id}${chosen}` : undefined}
				aria-label="Search or run a command"
				className={styles.box}
				placeholder="An account, a case number, an issue, or a command"
				value={text}
				onChange={(event) => {
					setText(event.target.value);
					setAt(0);
				}}
				onKeyDown={onKeyDown}
			/>
			<PaletteList id={id} items={items} chosen={chosen} onRun={run} />
		</Overlay>
	);
}

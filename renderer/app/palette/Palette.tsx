import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { askedText } from '../../lib/asked-text.ts';
import { useAnswer } from '../../lib/core.ts';
import { placeOf } from '../../lib/places.ts';
import { runCommand, useCommandVersion } from '../../lib/use-command.ts';
import { PaletteBox, type PaletteText } from './PaletteBox.tsx';
import { PaletteList } from './PaletteList.tsx';
import { commandItems, type PaletteItem, recordItems } from './palette-items.ts';

function useItems(text: string): PaletteItem[] {
	// Which commands are answered lives outside React; the compiler must not remember an older set.
	'use no memo';
	useCommandVersion();
	const asked = useDeferredValue(askedText(text));
	const found = useAnswer('search.find', { text: asked, limit: 20 }, { enabled: asked !== '', keep: true });
	const hits = askedText(text) === '' ? [] : (found.data ?? []);
	return [...recordItems(hits), ...commandItems(text)];
}

/** Ctrl/Cmd+K: every record and every command by a few letters, each command with its keys beside it. */
export function Palette({ text, onText, onClose }: PaletteText) {
	const [at, setAt] = useState(0);
	const [, go] = useLocation();
	const id = useId();
	const items = useItems(text);
	const chosen = Math.min(at, items.length - 1);
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
	const retype = (next: string) => {
		onText(next);
		setAt(0);
	};
	const chosenId = items[chosen] ? `${id}${chosen}` : undefined;
	return (
		<PaletteBox
			text={text}
			onText={retype}
			onClose={onClose}
			onKeyDown={onKeyDown}
			listId={`${id}list`}
			chosenId={chosenId}
		>
			<PaletteList id={id} items={items} chosen={chosen} isAsked={askedText(text) !== ''} onRun={run} />
		</PaletteBox>
	);
}

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Overlay } from '../../ui/Overlay.tsx';
import styles from './Palette.module.css';

export interface PaletteText {
	text: string;
	onText(text: string): void;
	onClose(): void;
}

interface PaletteBoxProps extends PaletteText {
	onKeyDown?: (event: KeyboardEvent) => void;
	/** The list's id, and the chosen item's. */
	listId?: string | undefined;
	chosenId?: string | undefined;
	children?: ReactNode;
}

/** The palette's dialog and its box, with the list below once it is there. */
export function PaletteBox({ text, onText, onClose, onKeyDown, listId, chosenId, children }: PaletteBoxProps) {
	const box = useRef<HTMLInputElement>(null);
	useEffect(() => {
		const input = box.current;
		input?.focus();
		input?.setSelectionRange(input.value.length, input.value.length);
	}, []);
	return (
		<Overlay label="Search or run a command" place="top" onClose={onClose}>
			<input
				ref={box}
				type="text"
				role="combobox"
				aria-expanded={children !== undefined}
				aria-controls={listId}
				aria-activedescendant={chosenId}
				aria-label="Search or run a command"
				className={styles.box}
				placeholder="An account, a case number, an issue, or a command"
				value={text}
				onChange={(event) => onText(event.target.value)}
				onKeyDown={onKeyDown}
			/>
			{children}
		</Overlay>
	);
}

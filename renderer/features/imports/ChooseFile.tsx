import { IconFileImport } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ChosenFile } from '../../../shared/contract/bridge.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import styles from './Import.module.css';

/** Takes a file dropped anywhere on the page. True while one hovers over it. */
export function useFileDrop(onFile: (file: ChosenFile | null) => void): boolean {
	const [over, setOver] = useState(false);
	useEffect(() => {
		const onOver = (event: DragEvent) => {
			if (!event.dataTransfer?.types.includes('Files')) return;
			event.preventDefault();
			setOver(true);
		};
		const onLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
		const onDrop = (event: DragEvent) => {
			event.preventDefault();
			setOver(false);
			const file = event.dataTransfer?.files[0];
			if (file) void window.fieldbook.dropFile(file).then(onFile);
		};
		window.addEventListener('dragover', onOver);
		window.addEventListener('dragleave', onLeave);
		window.addEventListener('drop', onDrop);
		return () => {
			window.removeEventListener('dragover', onOver);
			window.removeEventListener('dragleave', onLeave);
			window.removeEventListener('drop', onDrop);
		};
	}, [onFile]);
	return over;
}

/** Where an import begins. */
export function ChooseFile({ over, onChoose }: { over: boolean; onChoose(): void }) {
	return (
		<div className={over ? `${styles.drop} ${styles.over}` : styles.drop}>
			<IconFileImport size={28} stroke={1.3} aria-hidden />
			<p className={styles.lead}>Drop an export here, or choose it</p>
			<p className="muted">
				A CSV or XLSX of the client's cases or renewals. You see how it is read first; nothing is written before you say
				so.
			</p>
			<Button look="primary" onClick={onChoose} hint={<CommandKbd id="import.open" />}>
				Choose a file
			</Button>
		</div>
	);
}

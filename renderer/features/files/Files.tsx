import { useState } from 'react';
import type { AttachmentRow } from '../../../shared/contract/file-models.ts';
import { useAnswer } from '../../lib/core.ts';
import { useProgress } from '../../lib/progress.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import { FileLine } from './FileLine.tsx';
import { FileSheet } from './FileSheet.tsx';
import styles from './Files.module.css';
import { KeepFiles, type Keeping } from './KeepFiles.tsx';
import { type FileParent, useAddFiles } from './use-add-files.ts';
import { useFileTarget } from './use-file-target.ts';

interface FilesProps {
	parent: FileParent;
	/** What a file on this record is good for, in one sentence. */
	purpose: string;
	/** Offers to keep what belongs to an account or a visit on this laptop. */
	keep?: Keeping;
	/** The person reads the record and does not change it. */
	onlyRead?: boolean;
}

/** The files of one record. They can be dropped and pasted anywhere on its page. */
export function Files({ parent, purpose, keep, onlyRead = false }: FilesProps) {
	const answer = useAnswer('attachments.list', parent);
	const { adding, choose, take, cancel } = useAddFiles(parent);
	const over = useFileTarget(adding || onlyRead ? null : take);
	const [open, setOpen] = useState<string | null>(null);
	useCommand('record.files', adding || onlyRead ? null : choose);
	const file = answer.data?.find((row) => row.id === open);
	const add = onlyRead ? null : (
		<Button look="quiet" onClick={choose} hint={<CommandKbd id="record.files" />}>
			Add files
		</Button>
	);
	return (
		<Section title="Files" action={adding ? <Adding id={adding} onCancel={cancel} /> : add}>
			<div className={over ? `${styles.frame} ${styles.over}` : styles.frame}>
				<Answer of={answer} lines={2}>
					{(rows) => (
						<Panel flush>
							<List rows={rows} purpose={purpose} over={over} onOpen={setOpen} />
							{keep ? <KeepFiles of={keep} /> : null}
						</Panel>
					)}
				</Answer>
			</div>
			{file ? <FileSheet file={file} onlyRead={onlyRead} onClose={() => setOpen(null)} /> : null}
		</Section>
	);
}

interface ListProps {
	rows: readonly AttachmentRow[];
	purpose: string;
	over: boolean;
	onOpen(id: string): void;
}

function List({ rows, purpose, over, onOpen }: ListProps) {
	if (over) return <p className={styles.drop}>Let go to add them here</p>;
	if (rows.length === 0) return <EmptyState title="No files yet">{purpose}</EmptyState>;
	return (
		<ul>
			{rows.map((row) => (
				<FileLine key={row.id} row={row} onOpen={() => onOpen(row.id)} />
			))}
		</ul>
	);
}

function Adding({ id, onCancel }: { id: string; onCancel(): void }) {
	const progress = useProgress(id);
	const percent = progress?.total ? Math.floor((progress.done / progress.total) * 100) : 0;
	return (
		<span className={styles.adding} role="status">
			<span className="figures">Adding {percent} %</span>
			<Button look="quiet" onClick={onCancel}>
				Cancel
			</Button>
		</span>
	);
}

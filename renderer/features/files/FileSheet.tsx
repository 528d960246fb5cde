import { IconEye, IconEyeOff } from '@tabler/icons-react';
import type { AttachmentRow } from '../../../shared/contract/file-models.ts';
import { attachment as entity } from '../../../shared/entities/attachment.ts';
import { call, useSend } from '../../lib/core.ts';
import { exactInstant } from '../../lib/dates.ts';
import { fileSize } from '../../lib/numbers.ts';
import { report } from '../../lib/report.ts';
import { showToast, showUndo } from '../../lib/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { InlineEdit } from '../../ui/InlineEdit.tsx';
import { Overlay } from '../../ui/Overlay.tsx';
import { FileState } from './FileLine.tsx';
import styles from './Files.module.css';
import { isReadable } from './file-words.ts';
import { Preview } from './Preview.tsx';

/** Asks where and writes the file there. */
async function saveCopy(file: AttachmentRow): Promise<void> {
	const target = await window.fieldbook.chooseFile('copy', file.file_name);
	if (!target) return;
	if (report(await call('attachments.saveCopy', { id: file.id, target: target.token })))
		showToast(`Saved as ${target.name}. That copy is not encrypted.`);
}

interface FileSheetProps {
	file: AttachmentRow;
	/** The person reads the record it is on and does not change it. */
	onlyRead: boolean;
	onClose(): void;
}

/** One file whole: what is in it, where it is, and what can be done with it. */
export function FileSheet({ file, onlyRead, onClose }: FileSheetProps) {
	const rename = useSend('attachments.rename');
	const remove = async () => {
		if (!report(await call('attachments.delete', { id: file.id }))) return;
		showUndo('File deleted');
		onClose();
	};
	return (
		<Overlay label={file.file_name} onClose={onClose}>
			<div className={styles.sheet}>
				<h2 className={styles.title}>{file.file_name}</h2>
				<p className={styles.about}>
					<span className="figures">{fileSize(file.size)}</span>
					<FileState row={file} />
					<span className="muted">
						{file.added_by_name ? `${file.added_by_name}, ` : ''}
						{exactInstant(file.added_at)}
					</span>
				</p>
				{isReadable(file) ? <Preview id={file.id} name={file.file_name} /> : null}
				<InlineEdit
					field={entity.fields.file_name}
					value={file.file_name}
					{...(onlyRead
						? {}
						: { onSave: (value: unknown) => rename.send({ id: file.id, file_name: String(value ?? '') }) })}
				/>
				<div className={styles.actions}>
					{onlyRead ? null : (
						<>
							<Button look="red" onClick={() => void remove()}>
								Delete
							</Button>
							<InternalChoice file={file} />
						</>
					)}
					<Button
						why={isReadable(file) ? null : 'The file is not on this laptop. Fetch it first.'}
						onClick={() => void saveCopy(file)}
					>
						Save a copy
					</Button>
					<Button onClick={onClose}>Close</Button>
				</div>
			</div>
		</Overlay>
	);
}

function InternalChoice({ file }: { file: AttachmentRow }) {
	const internal = file.internal !== false;
	const turn = async () => report(await call('attachments.setInternal', { id: file.id, internal: !internal }));
	const Icon = internal ? IconEyeOff : IconEye;
	return (
		<Button
			aria-pressed={internal}
			title={
				internal
					? 'Never shown to a client. Press to allow it.'
					: 'May be shown to the client. Press to keep it internal.'
			}
			onClick={() => void turn()}
		>
			<Icon size={15} stroke={1.6} aria-hidden />
			{internal ? 'Internal only' : 'Client may see'}
		</Button>
	);
}

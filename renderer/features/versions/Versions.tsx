import { useState } from 'react';
import { useLocation } from 'wouter';
import type { NoteVersions } from '../../../shared/contract/kept-models.ts';
import { useAnswer, useSend } from '../../lib/core.ts';
import { exactInstant } from '../../lib/dates.ts';
import { counted } from '../../lib/numbers.ts';
import { places } from '../../lib/places.ts';
import { report } from '../../lib/report.ts';
import { showToast, showUndo } from '../../lib/toasts.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { Overlay } from '../../ui/Overlay.tsx';
import { VersionList } from './VersionList.tsx';
import { VersionReader } from './VersionReader.tsx';
import styles from './Versions.module.css';
import { versionName } from './version-words.ts';

const readFirst = 100;
const readMore = 20_000;

interface VersionsProps {
	id: string;
	/** Before a version is put back: what is being typed goes to the store first. */
	onBefore(): Promise<void>;
	onClose(): void;
}

/** Every version of a note, to be read, compared and put back. The text beneath is not touched until then. */
export function Versions({ id, onBefore, onClose }: VersionsProps) {
	const [limit, setLimit] = useState(readFirst);
	const answer = useAnswer('notes.versions', { id, limit }, { keep: true });
	return (
		<Overlay label="Versions of this note" onClose={onClose} place="wide">
			<Answer of={answer}>
				{(found) =>
					found.versions.length > 0 ? (
						<Browser
							id={id}
							found={found}
							onBefore={onBefore}
							onClose={onClose}
							{...(found.total > limit && limit < readMore ? { onMore: () => setLimit(readMore) } : {})}
						/>
					) : (
						<EmptyState title="No versions yet" action={<Button onClick={onClose}>Close</Button>}>
							A version is kept of everything written in the note.
						</EmptyState>
					)
				}
			</Answer>
		</Overlay>
	);
}

interface BrowserProps extends VersionsProps {
	found: NoteVersions;
	onMore?: () => void;
}

function Browser({ id, found, onBefore, onClose, onMore }: BrowserProps) {
	const { versions, damaged } = found;
	const [chosen, setChosen] = useState<number | null>(null);
	const newest = versions[0];
	const at = Math.max(
		versions.findIndex((version) => version.version === chosen),
		0,
	);
	const version = versions[at] ?? newest;
	const { pending, putBack } = usePutBack({ id, damaged, onBefore, onClose });
	const isNow = version?.version === newest?.version;
	useCommand('record.save', version && !pending && (damaged || !isNow) ? () => putBack(version.version) : null);
	if (!version || !newest) return null;
	return (
		<>
			<header className={styles.head}>
				<div className={styles.names}>
					<h2 className={styles.title}>Versions</h2>
					<p className="muted">{versionName(version)}</p>
				</div>
				<Button onClick={onClose}>Close</Button>
				<Button
					look="primary"
					disabled={pending}
					why={isNow && !damaged ? 'This is how the note reads now.' : null}
					onClick={() => putBack(version.version)}
					hint={<CommandKbd id="record.save" />}
				>
					{damaged ? 'Go on in a new note' : 'Restore this version'}
				</Button>
			</header>
			{damaged ? <Unreadable pieces={found.unreadable} /> : null}
			<div className={styles.columns}>
				<div className={styles.rail}>
					<VersionList versions={versions} chosen={version.version} onChoose={setChosen} />
					{onMore ? (
						<Button look="quiet" onClick={onMore}>
							Show older versions
						</Button>
					) : null}
				</div>
				<VersionReader id={id} version={version} before={versions[at + 1]} newest={newest} />
			</div>
		</>
	);
}

function usePutBack(options: VersionsProps & { damaged: boolean }) {
	const { id, damaged, onBefore, onClose } = options;
	const restore = useSend('notes.restoreVersion');
	const copy = useSend('notes.copyVersion');
	const [, go] = useLocation();
	const putBack = async (version: number) => {
		if (damaged) {
			const made = await copy.send({ id, version });
			if (!report(made) || !made.ok) return;
			onClose();
			go(places.note(made.value.id));
			return showUndo('A new note with the words of that version');
		}
		await onBefore();
		const result = await restore.send({ id, version });
		if (!report(result) || !result.ok) return;
		onClose();
		if (result.value.changed) showUndo('Version restored. The newer ones stay in the list');
		else showToast('The note reads like that already');
	};
	return { pending: restore.pending || copy.pending, putBack: (version: number) => void putBack(version) };
}

/** What cannot be read, whose it is, and the way on. */
function Unreadable({ pieces }: { pieces: NoteVersions['unreadable'] }) {
	const whose = [...new Set(pieces.map((piece) => piece.by_name).filter(Boolean))].join(' and ');
	const last = pieces.at(-1)?.at;
	return (
		<p className={styles.unreadable} role="alert">
			<span className="strong">{counted(pieces.length, 'piece')} of this text cannot be read</span>
			{whose ? `, written by ${whose}` : null}
			{last ? `, ${exactInstant(last)}` : null}. It was set aside. Nothing is written over it, so no version can be put
			back into this note; take the words of one along into a new note.
		</p>
	);
}

import type { UnsentChange } from '../../../shared/contract/sync-models.ts';
import { call } from '../../lib/core.ts';
import { exactInstant, shortInstant, storedInWords } from '../../lib/dates.ts';
import { errorLine } from '../../lib/error-words.ts';
import { useNow } from '../../lib/now.ts';
import { counted } from '../../lib/numbers.ts';
import { placeOf } from '../../lib/places.ts';
import { refusalWords } from '../../lib/sync-words.ts';
import { showToast } from '../../lib/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import styles from './Sync.module.css';

/** What the server would not take, with its reason. */
export function RefusedList({ changes }: { changes: readonly UnsentChange[] }) {
	if (changes.length === 0) return null;
	return (
		<Section title="Refused" note="Kept on this computer. Change the record again, or leave it as the server has it.">
			<List changes={changes} />
		</Section>
	);
}

/** What waits to be sent, newest first, in plain words. */
export function UnsentList({ changes }: { changes: readonly UnsentChange[] }) {
	return (
		<Section title="Unsent changes">
			{changes.length > 0 ? (
				<List changes={changes} />
			) : (
				<Panel flush>
					<EmptyState title="Nothing to send">
						Changes made here wait on this list until the server has acknowledged them.
					</EmptyState>
				</Panel>
			)}
		</Section>
	);
}

function List({ changes }: { changes: readonly UnsentChange[] }) {
	return (
		<Panel flush>
			<ul className={styles.changes}>
				{changes.map((change) => (
					<Change key={change.group} change={change} />
				))}
			</ul>
		</Panel>
	);
}

function Change({ change }: { change: UnsentChange }) {
	const now = useNow();
	const place = placeOf({ entity: change.entity, id: change.row_id });
	return (
		<li className={styles.change}>
			<div className={styles.words}>
				<p>
					<span className="strong">{change.label}</span>{' '}
					{place ? (
						<RecordLink to={place} plain>
							{change.title}
						</RecordLink>
					) : (
						change.title
					)}{' '}
					{change.account_name && change.account_name !== change.title ? (
						<span className="muted">{change.account_name}</span>
					) : null}
				</p>
				{change.changes.map((part) => (
					<p key={part.label} className={styles.part}>
						{part.label}: {part.after === null ? 'emptied' : storedInWords(part.after)}
					</p>
				))}
				{change.refused ? <Refusal group={change.group} reason={change.refused} /> : null}
			</div>
			<p className={styles.when}>
				<time dateTime={change.at} title={exactInstant(change.at)}>
					{shortInstant(change.at, now)}
				</time>
				{change.count > 1 ? <span>{counted(change.count, 'record')}</span> : null}
			</p>
		</li>
	);
}

/** Why it was refused, and the way to be done with it. */
function Refusal({ group, reason }: { group: number; reason: string }) {
	const setAside = async () => {
		const result = await call('sync.dismiss', { group });
		showToast(result.ok ? 'Set aside. The words stay in the record’s history.' : errorLine(result.error));
	};
	return (
		<p className="red">
			{refusalWords(reason)}{' '}
			<Button look="quiet" onClick={() => void setAside()}>
				Set aside
			</Button>
		</p>
	);
}

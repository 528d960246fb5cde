import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { copyText } from '../../lib/copy-text.ts';
import { exactInstant } from '../../lib/dates.ts';
import { counted } from '../../lib/numbers.ts';
import { placeOf } from '../../lib/places.ts';
import { refusalWords } from '../../lib/sync-words.ts';
import { Button } from '../../ui/Button.tsx';
import { Inspector, InspectorHead } from '../../ui/Inspector.tsx';
import { CommandKbd, KeyHints } from '../../ui/Kbd.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { Section } from '../../ui/Section.tsx';
import styles from './Outbox.module.css';
import type { OutboxRow } from './outbox-rows.ts';
import { aloneWords, changeText, partWords, stateWords, whyNot } from './outbox-words.ts';
import { RefusedForm } from './RefusedForm.tsx';
import type { OutboxActions } from './use-outbox-actions.ts';
import { setAside } from './use-outbox-actions.ts';

const waitingHints = [
	{ id: 'list.open', word: 'record' },
	{ id: 'outbox.earlier', word: 'earlier' },
	{ id: 'outbox.later', word: 'later' },
] as const;
const refusedHints = [
	{ id: 'list.open', word: 'record' },
	{ id: 'list.next', word: 'next' },
] as const;

interface OutboxInspectorProps {
	row: OutboxRow | undefined;
	status: SyncStatus | undefined;
	actions: OutboxActions;
}

/** The selected change in full, and all that can be done with it before it is sent. */
export function OutboxInspector({ row, status, actions }: OutboxInspectorProps) {
	if (!row) return <Inspector label="Change" wide />;
	const place = placeOf({ entity: row.entity, id: row.row_id });
	const beside = [row.label, row.account_name === row.title ? null : row.account_name].filter(Boolean).join(' · ');
	return (
		<Inspector label="Change" wide foot={<KeyHints hints={row.refused === null ? waitingHints : refusedHints} />}>
			<InspectorHead title={place ? <RecordLink to={place}>{row.title}</RecordLink> : row.title}>
				{beside}
			</InspectorHead>
			{row.refused === null ? (
				<Waiting row={row} status={status} actions={actions} />
			) : (
				<Refused key={row.id} row={row} />
			)}
			<Section title="What was written" note={exactInstant(row.at)}>
				<ul className={styles.parts}>
					{row.changes.map((part) => (
						<li key={part.label}>{partWords(part)}</li>
					))}
				</ul>
				{row.count > 1 ? <p className="muted">{counted(row.count, 'record')} in one change</p> : null}
			</Section>
		</Inspector>
	);
}

function Waiting({ row, status, actions }: OutboxInspectorProps & { row: OutboxRow }) {
	const words = stateWords(row);
	const why = whyNot('send', row, status);
	return (
		<div className={styles.actions}>
			<p className="muted">
				{row.place === 1 ? 'Goes first' : `Goes as number ${row.place}`}
				{words ? ` · ${words.toLowerCase()}` : ''}
			</p>
			<div className={styles.buttons}>
				<Button
					aria-pressed={row.urgent}
					why={whyNot('urgent', row, status)}
					onClick={() => void actions.urgent(row)}
					hint={<CommandKbd id="outbox.urgent" />}
				>
					{row.urgent ? 'Not urgent' : 'Urgent'}
				</Button>
				<Button
					why={whyNot('send', row, status)}
					onClick={() => void actions.sendAlone(row)}
					hint={<CommandKbd id="outbox.send-alone" />}
				>
					Send alone
				</Button>
				<Button
					why={whyNot('undo', row, status)}
					onClick={() => void actions.undo(row)}
					hint={<CommandKbd id="outbox.undo" />}
				>
					Take back
				</Button>
				<Button onClick={() => void copyText(changeText(row), 'Copied as text')}>Copy as text</Button>
			</div>
			<p className="muted">{why ?? aloneWords(status)}</p>
		</div>
	);
}

function Refused({ row }: { row: OutboxRow }) {
	return (
		<div className={styles.actions}>
			<p className="red">{refusalWords(row.refused ?? '')}</p>
			<p className="muted">Everything else is sent as usual. Your words are kept here until you decide.</p>
			{row.fixable ? <RefusedForm group={row.group} /> : <NotFixable />}
			<div className={styles.buttons}>
				<Button onClick={() => void setAside(row)} hint={<CommandKbd id="outbox.undo" />}>
					Set aside
				</Button>
				<Button
					onClick={() => void copyText(changeText(row), 'Copied as text, ready to be sent to who can help')}
					hint={<CommandKbd id="text.copy" />}
				>
					Copy as text
				</Button>
			</div>
		</div>
	);
}

function NotFixable() {
	return (
		<p>
			No other value would be taken either. Copy it as text and ask the owner of the account to enter it, then set it
			aside.
		</p>
	);
}

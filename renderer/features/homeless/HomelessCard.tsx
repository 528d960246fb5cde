import { Select } from '@mantine/core';
import { useId, useRef, useState } from 'react';
import type { HomelessRecord } from '../../../shared/contract/sync-models.ts';
import { quoted } from '../../../shared/domain/quoted.ts';
import { useSend } from '../../lib/core.ts';
import { placeOf } from '../../lib/places.ts';
import { report } from '../../lib/report.ts';
import { showUndo } from '../../lib/toasts.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import styles from './Homeless.module.css';
import { broughtBackWords, consequenceWords, goneWords, kindWords, placeWords } from './homeless-words.ts';

interface HomelessCardProps {
	record: HomelessRecord;
	/** Answers the keys 1, 2 and 3. */
	keys: boolean;
}

function useSettling(record: HomelessRecord) {
	const { send, pending } = useSend('homeless.settle');
	const [place, setPlace] = useState<string | null>(record.places[0]?.parent_id ?? null);
	const about = { entity: record.entity, id: record.id };
	const target = record.places.find(({ parent_id }) => parent_id === place);
	return {
		pending,
		place,
		setPlace,
		bringBack: async () => {
			if (report(await send({ ...about, choice: 'bring_back' }))) showUndo(`Brought back: ${broughtBackWords(record)}`);
		},
		move: async () => {
			if (!target) return;
			const { parent_type, parent_id, title } = target;
			if (report(await send({ ...about, choice: 'move', parent_type, parent_id })))
				showUndo(`${quoted(record.title)} now belongs to ${title}`);
		},
		remove: async () => {
			if (report(await send({ ...about, choice: 'delete' })))
				showUndo(`Deleted, and in the trash for 30 days: ${record.title}`);
		},
	};
}

/** A record whose place has gone: bring the place back, give it another one of the same client, or delete it. */
export function HomelessCard({ record, keys }: HomelessCardProps) {
	const { pending, place, setPlace, bringBack, move, remove } = useSettling(record);
	const id = useId();
	const select = useRef<HTMLInputElement>(null);
	const canBringBack = record.lost.deletedAt !== null;
	const own = placeOf({ entity: record.entity, id: record.id });
	const noBack = canBringBack ? null : 'What it belongs to was never here, so it cannot be brought back.';
	const noMove = place ? null : 'This client has no other place for it yet.';
	useCommand('choice.first', keys && canBringBack && !pending ? () => void bringBack() : null);
	useCommand('choice.second', keys && place && !pending ? () => select.current?.focus() : null);
	useCommand('choice.third', keys && !pending ? () => void remove() : null);
	return (
		<article className={styles.card} aria-label={record.title}>
			<header className={styles.head}>
				<h3 className={styles.title}>{own ? <RecordLink to={own}>{record.title}</RecordLink> : record.title}</h3>
				<p className="muted">
					{record.account_name} · {kindWords(record)}
				</p>
			</header>
			{record.excerpt ? <p className={styles.excerpt}>{record.excerpt}</p> : null}
			<p className={styles.gone}>{goneWords(record)}</p>
			<div className={styles.actions}>
				<Button
					why={noBack}
					disabled={pending}
					onClick={() => void bringBack()}
					hint={keys ? <CommandKbd id="choice.first" /> : null}
				>
					Bring it back
				</Button>
				<span className={styles.move}>
					<label className="hidden-text" htmlFor={id}>
						Another place for {record.title}
					</label>
					<Select
						id={id}
						ref={select}
						data={record.places.map((other) => ({ value: other.parent_id, label: placeWords(other) }))}
						value={place}
						onChange={setPlace}
						// Enter once more and it is moved.
						onOptionSubmit={() => requestAnimationFrame(() => document.getElementById(`${id}-move`)?.focus())}
						allowDeselect={false}
						searchable={record.places.length > 8}
						disabled={record.places.length === 0}
						placeholder="no other place"
					/>
					<Button
						id={`${id}-move`}
						why={noMove}
						disabled={pending}
						onClick={() => void move()}
						hint={keys ? <CommandKbd id="choice.second" /> : null}
					>
						Move there
					</Button>
				</span>
				<Button
					look="red"
					disabled={pending}
					onClick={() => void remove()}
					hint={keys ? <CommandKbd id="choice.third" /> : null}
				>
					Delete
				</Button>
			</div>
			<p className="muted">{consequenceWords(record)}</p>
		</article>
	);
}

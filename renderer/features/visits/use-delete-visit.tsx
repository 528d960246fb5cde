import { useState } from 'react';
import type { DeletionReach } from '../../../shared/contract/kept-models.ts';
import type { VisitPage } from '../../../shared/contract/models.ts';
import { quoted } from '../../../shared/domain/quoted.ts';
import { call } from '../../lib/core.ts';
import { countedWords, isOne } from '../../lib/counted-words.ts';
import { report } from '../../lib/report.ts';
import { useRemove } from '../../lib/use-remove.ts';
import { Button } from '../../ui/Button.tsx';
import { Overlay } from '../../ui/Overlay.tsx';
import styles from './Visit.module.css';

/** Deletes a visit; when more hangs on it than the visit itself, it is said first what goes with it and what stays. */
export function useDeleteVisit(page: VisitPage | undefined) {
	const [reach, setReach] = useState<DeletionReach | null>(null);
	const along = reach && countedWords(reach.along);
	const id = page?.visit.id ?? '';
	const remove = useRemove('visits.delete', id, along ? `Visit deleted, with ${along}` : 'Visit deleted');
	const ask = async () => {
		const result = await call('trash.before', { entity: 'visit', id });
		if (!report(result) || !result.ok) return;
		const { value } = result;
		if (value.along.length + value.stays.length === 0) remove();
		else setReach(value);
	};
	const dialog =
		page && reach ? <BeforeDeleting page={page} reach={reach} onDelete={remove} onKeep={() => setReach(null)} /> : null;
	return { ask: () => void ask(), dialog };
}

interface BeforeDeletingProps {
	page: VisitPage;
	reach: DeletionReach;
	onDelete(): void;
	onKeep(): void;
}

function BeforeDeleting({ page, reach, onDelete, onKeep }: BeforeDeletingProps) {
	const along = countedWords(reach.along);
	const stays = countedWords(reach.stays);
	const title = `Delete ${quoted(page.visit.purpose)}?`;
	return (
		<Overlay label={title} onClose={onKeep}>
			<div className={styles.before}>
				<h2 className={styles.beforeTitle}>{title}</h2>
				{along ? (
					<p>
						<span className="strong">{along}</span> {isOne(reach.along) ? 'goes' : 'go'} with it.
					</p>
				) : null}
				{stays ? (
					<p>
						<span className="strong">{stays}</span> {isOne(reach.stays) ? 'stays' : 'stay'} with {page.account_name}.
						Colleagues are asked where {isOne(reach.stays) ? 'it belongs' : 'they belong'} now.
					</p>
				) : null}
				<p className="muted">For 30 days it can be restored from the trash, with everything that went with it.</p>
				<div className={styles.beforeActions}>
					<Button look="red" onClick={onDelete}>
						Delete visit
					</Button>
					<Button onClick={onKeep}>Keep it</Button>
				</div>
			</div>
		</Overlay>
	);
}

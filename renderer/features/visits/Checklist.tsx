import { IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import type { VisitPage } from '../../../shared/contract/models.ts';
import type { ChecklistItem } from '../../../shared/entities/visit.ts';
import { call } from '../../lib/core.ts';
import { daysUntil, exactDate, exactInstant, shortDate } from '../../lib/dates.ts';
import { useToday } from '../../lib/now.ts';
import { report } from '../../lib/report.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { showUndo } from '../../lib/toasts.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Panel, Section } from '../../ui/Section.tsx';
import { AddLine } from './AddLine.tsx';
import styles from './Checklist.module.css';
import { dueDay, dueWords, readItem } from './checklist-due.ts';
import { Progress } from './Progress.tsx';

/** What must be done before, at and after the visit. J and K go through it, Space ticks. */
export function Checklist({ page }: { page: VisitPage }) {
	const { visit, checklist } = page;
	const onlyReads = useOnlyReads(visit.account_id, 'checklist_item');
	const list = useRef<HTMLUListElement>(null);
	const move = (step: number) => {
		const boxes = [...(list.current?.querySelectorAll<HTMLElement>('input[type="checkbox"]') ?? [])];
		const at = boxes.indexOf(document.activeElement as HTMLElement);
		boxes[Math.min(Math.max(at + step, 0), boxes.length - 1)]?.focus();
	};
	const some = checklist.length > 0;
	useCommand('list.next', some ? () => move(1) : null);
	useCommand('list.previous', some ? () => move(-1) : null);
	const add = async (text: string) => {
		const item = readItem(text);
		return report(await call('checklist.create', { visit_id: visit.id, ...item }));
	};
	const done = checklist.filter((item) => item.done_at !== null).length;
	return (
		<Section title="Checklist" action={<Progress done={done} total={checklist.length} />}>
			<Panel flush>
				<ul ref={list}>
					{checklist.map((item) => (
						<Item key={item.id} item={item} visit={visit} onlyRead={onlyReads} />
					))}
				</ul>
				{onlyReads ? null : <AddLine label="Add an item" hint="Book the hotel T-14" onAdd={add} />}
			</Panel>
		</Section>
	);
}

interface ItemProps {
	item: ChecklistItem;
	visit: VisitPage['visit'];
	onlyRead: boolean;
}

function Item({ item, visit, onlyRead }: ItemProps) {
	const done = item.done_at !== null;
	const tick = async () => report(await call('checklist.tick', { id: item.id, done: !done }));
	const remove = async () => {
		if (report(await call('checklist.delete', { id: item.id }))) showUndo('Checklist item removed');
	};
	return (
		<li className={styles.item}>
			<label className={styles.label} title={item.done_at ? `Done ${exactInstant(item.done_at)}` : undefined}>
				<input type="checkbox" checked={done} disabled={onlyRead} onChange={() => void tick()} />
				<span className={done ? styles.done : undefined}>{item.text}</span>
			</label>
			{item.due_days === null ? null : <Due item={item} days={item.due_days} visit={visit} />}
			{onlyRead ? null : (
				<button
					type="button"
					className={styles.remove}
					aria-label={`Remove ${item.text}`}
					onClick={() => void remove()}
				>
					<IconX size={14} aria-hidden />
				</button>
			)}
		</li>
	);
}

function Due({ item, days, visit }: { item: ChecklistItem; days: number; visit: VisitPage['visit'] }) {
	const today = useToday();
	const day = dueDay(item, visit) ?? today;
	const left = daysUntil(day, today);
	const tone = item.done_at ? 'muted' : left < 0 ? 'red' : left <= 1 ? 'amber' : '';
	return (
		<span className={`${styles.due} ${tone}`} title={exactDate(day)}>
			<span className={styles.relative}>{dueWords(days)}</span>
			<span>
				{exactDate(day).slice(0, 3)} {shortDate(day, today)}
				{tone === 'red' ? <span className="hidden-text"> overdue</span> : null}
			</span>
		</span>
	);
}

import type { ReactNode } from 'react';
import type { ReceiptKind, ReceiptLine, ReceiptPage } from '../../../shared/contract/sync-models.ts';
import { storedInWords } from '../../lib/dates.ts';
import { count } from '../../lib/numbers.ts';
import { placeOf, places } from '../../lib/places.ts';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import { Stack } from '../../ui/Stack.tsx';
import styles from './Receipts.module.css';
import { capital, courseOf, endWords, figuresOf, receiptParts } from './receipt-words.ts';

/** Where a part goes on: what is to decide, and what was refused. */
const onward: Partial<Record<ReceiptKind, { to: string; word: string }>> = {
	decide: { to: places.sync, word: 'Decide' },
	refused: { to: places.unsent, word: 'Mend or set aside' },
};

/** One receipt in full, on the screen and on paper. */
export function ReceiptPaper({ page }: { page: ReceiptPage }) {
	const end = endWords(page.receipt);
	return (
		<Stack>
			<Panel>
				<p className={styles.figures}>{capital(figuresOf(page.receipt))}</p>
				<p className="muted">{courseOf(page.receipt)}</p>
				{end ? <p className="amber">{end}</p> : null}
			</Panel>
			{receiptParts.map(({ kind, title, note }) => {
				const lines = page.lines.filter((line) => line.kind === kind);
				const more = page.more[kind] ?? 0;
				if (lines.length + more === 0) return null;
				const on = onward[kind];
				return (
					<Section
						key={kind}
						title={`${title} ${count(lines.length + more)}`}
						note={note}
						action={on ? <Onward {...on} /> : null}
					>
						<Panel flush>
							<ul className={styles.lines}>
								{lines.map((line) => (
									<Line key={`${line.entity} ${line.rowId} ${line.title} ${line.detail}`} line={line} />
								))}
								{more > 0 ? <li className={styles.line}>and {count(more)} more</li> : null}
							</ul>
						</Panel>
					</Section>
				);
			})}
		</Stack>
	);
}

function Onward({ to, word }: { to: string; word: string }) {
	return (
		<span data-screen-only>
			<RecordLink to={to}>{word}</RecordLink>
		</span>
	);
}

function Line({ line }: { line: ReceiptLine }) {
	const place = line.entity && line.rowId ? placeOf({ entity: line.entity, id: line.rowId }) : null;
	const title: ReactNode = place ? <RecordLink to={place}>{line.title}</RecordLink> : line.title;
	const account = line.accountName === line.title ? null : line.accountName;
	const by = line.byName && !line.detail.includes(line.byName) ? line.byName : null;
	return (
		<li className={styles.line}>
			<p className="strong">{title}</p>
			<p className="muted">{account}</p>
			<p>
				{storedInWords(line.detail)} {by ? <span className="muted">{by}</span> : null}
			</p>
		</li>
	);
}

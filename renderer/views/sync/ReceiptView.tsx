import { ReceiptPaper } from '../../features/receipts/ReceiptPaper.tsx';
import { receiptText } from '../../features/receipts/receipt-words.ts';
import { copyText } from '../../lib/copy-text.ts';
import { useAnswer } from '../../lib/core.ts';
import { exactInstant } from '../../lib/dates.ts';
import { usePainted } from '../../lib/painted.ts';
import { places } from '../../lib/places.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { Page, PageBody } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';

/** What one sync did, to be read, copied or printed. */
export function ReceiptView({ id }: { id: number }) {
	const answer = useAnswer('receipts.get', { id });
	const page = answer.data;
	usePainted(page !== undefined);
	const copy = page ? () => void copyText(receiptText(page), 'Receipt copied as text') : null;
	const print = page ? () => window.print() : null;
	useCommand('text.copy', copy);
	useCommand('page.print', print);
	return (
		<Page
			header={
				<PageHeader
					place={
						<RecordLink to={places.receipts} plain>
							Sync receipts
						</RecordLink>
					}
					title={page ? exactInstant(page.receipt.finishedAt) : ' '}
					tools={
						<Button onClick={() => copy?.()} hint={<CommandKbd id="text.copy" />}>
							Copy as text
						</Button>
					}
					action={
						<Button look="primary" onClick={() => print?.()} hint={<CommandKbd id="page.print" />}>
							Print
						</Button>
					}
				/>
			}
		>
			<PageBody>
				<Answer of={answer}>{(value) => <ReceiptPaper page={value} />}</Answer>
			</PageBody>
		</Page>
	);
}

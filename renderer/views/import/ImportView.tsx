import { useCallback } from 'react';
import { ChooseFile, useFileDrop } from '../../features/imports/ChooseFile.tsx';
import { PastImports, useImportUndo } from '../../features/imports/PastImports.tsx';
import { Preview } from '../../features/imports/Preview.tsx';
import { Done, RunFailed, Working } from '../../features/imports/RunPanels.tsx';
import { saveRejects } from '../../features/imports/save-rejects.ts';
import { type ImportState, useImport } from '../../features/imports/use-import.ts';
import { useAnswer } from '../../lib/core.ts';
import { counted } from '../../lib/numbers.ts';
import { usePainted } from '../../lib/painted.ts';
import { places } from '../../lib/places.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { Page, PageBody } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { Stack } from '../../ui/Stack.tsx';

/** A client's export becomes cases and renewals: chosen, looked at, corrected, imported, and undone as one if need be. */
export function ImportView({ accountId }: { accountId: string }) {
	const state = useImport(accountId);
	const undo = useImportUndo();
	const { open, run, preview, file } = state;
	const busy = run.at === 'importing';
	const choose = useCallback(() => void window.fieldbook.chooseFile('import').then(open), [open]);
	const over = useFileDrop(busy ? ignore : open);
	usePainted(true);
	useCommand('import.open', busy ? null : choose);
	useCommand('record.save', canStart(state) ? state.start : null);
	const looking = file !== null && (run.at === 'rest' || run.at === 'failed');
	return (
		<Page header={<ImportHeader state={state} accountId={accountId} onChoose={choose} />}>
			{looking ? (
				<>
					{run.at === 'failed' ? <RunFailed error={run.error} /> : null}
					<Preview key={file.token} state={state} />
				</>
			) : (
				<PageBody>
					<Stack>
						{run.at === 'importing' ? (
							<Working
								title={`Importing ${preview?.fileName ?? ''}`}
								progressId={run.progressId}
								cancelling={run.cancelling}
								onCancel={state.cancel}
							/>
						) : null}
						{run.at === 'done' ? (
							<Done
								fileName={run.fileName}
								result={run.result}
								onUndo={() => void undo.undo(run.result.batchId).then((done) => done && state.close())}
								onSaveRejects={() => void saveRejects(run.file)}
								onClose={state.close}
							/>
						) : null}
						{busy ? null : <ChooseFile over={over} onChoose={choose} />}
						<PastImports accountId={accountId} undo={undo} />
					</Stack>
				</PageBody>
			)}
		</Page>
	);
}

const ignore = () => undefined;

function canStart({ preview, reading, run, failure }: ImportState): boolean {
	const ready = preview !== null && preview.ready > 0 && preview.blocked === null;
	return ready && !reading && failure === null && (run.at === 'rest' || run.at === 'failed');
}

interface ImportHeaderProps {
	state: ImportState;
	accountId: string;
	onChoose(): void;
}

function ImportHeader({ state, accountId, onChoose }: ImportHeaderProps) {
	const account = useAnswer('accounts.get', { id: accountId }).data?.account;
	const { file, preview, run } = state;
	const looking = file !== null && (run.at === 'rest' || run.at === 'failed');
	const place = (
		<>
			<RecordLink to={places.account(accountId)} plain>
				{account?.name ?? 'Account'}
			</RecordLink>
			{looking ? ' · Import, nothing written yet' : ' · Import'}
		</>
	);
	const action = looking ? (
		<Button
			look="primary"
			disabled={!canStart(state)}
			onClick={state.start}
			hint={<CommandKbd id="record.save" />}
			title={preview?.blocked ?? undefined}
		>
			{preview ? `Import ${counted(preview.ready, 'row')}` : 'Import'}
		</Button>
	) : null;
	return (
		<PageHeader
			place={place}
			title={looking ? file.name : 'Import a file'}
			tools={looking ? <Button onClick={onChoose}>Another file</Button> : null}
			action={action}
		/>
	);
}

import { Select } from '@mantine/core';
import { useState } from 'react';
import { call, useAnswer } from '../../lib/core.ts';
import { useProgress } from '../../lib/progress.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import styles from './Export.module.css';
import { exportEverything, exportProgressWords, resultWords, useExport } from './use-export.ts';

/** Everything, or one account, in formats that any program can read. */
export function ExportSection() {
	const [accountId, setAccountId] = useState<string | null>(null);
	const [files, setFiles] = useState(true);
	const accounts = useAnswer('accounts.list', {}).data ?? [];
	const { progressId, last } = useExport();
	const account = accounts.find(({ id }) => id === accountId) ?? null;
	const begin = () => void exportEverything({ account, files });
	useCommand('export.everything', progressId ? null : begin);
	return (
		<Section title="Export" note="JSON lines and an Excel workbook in one zip, with a page that explains them.">
			<Panel>
				<div className={styles.form}>
					{progressId ? (
						<Running progressId={progressId} />
					) : (
						<>
							<div className={styles.what}>
								<label htmlFor="export-what">What</label>
								<Select
									id="export-what"
									data={accounts.map(({ id, name }) => ({ value: id, label: name }))}
									value={accountId}
									placeholder="Everything on this computer"
									onChange={setAccountId}
									searchable
									clearable
									limit={60}
								/>
							</div>
							<label className={styles.tick}>
								<input type="checkbox" checked={files} onChange={(event) => setFiles(event.currentTarget.checked)} />
								With the files that are on this computer
							</label>
							<p className="muted">
								What is written is not encrypted any more. Whoever has the file can read it; delete it when it has
								served its purpose.
							</p>
							<Button onClick={begin}>Export…</Button>
						</>
					)}
					{last ? <p role="status">{resultWords(last)}</p> : null}
				</div>
			</Panel>
		</Section>
	);
}

function Running({ progressId }: { progressId: string }) {
	const progress = useProgress(progressId);
	const share = progress?.total ? Math.min(progress.done / progress.total, 1) : undefined;
	return (
		<>
			<progress value={share} max={1} aria-label="Exporting" />
			<p className="figures" role="status">
				{exportProgressWords(progress)}
			</p>
			<Button onClick={() => void call('calls.cancel', { progressId })}>Cancel</Button>
		</>
	);
}

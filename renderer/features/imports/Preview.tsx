import { useState } from 'react';
import { count } from '../../lib/numbers.ts';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { ColumnMap } from './ColumnMap.tsx';
import { FirstRows } from './FirstRows.tsx';
import styles from './Import.module.css';
import { LayoutPickers } from './LayoutPickers.tsx';
import { PreviewSum } from './PreviewSum.tsx';
import { Rejects } from './Rejects.tsx';
import { saveRejects } from './save-rejects.ts';
import type { ImportState } from './use-import.ts';

type Part = 'columns' | 'rows' | 'rejects';

/** How a file is read, to be corrected before it is imported. */
export function Preview({ state }: { state: ImportState }) {
	const { file, preview, failure, reading } = state;
	const [part, setPart] = useState<Part>('columns');
	if (!file) return null;
	if (!preview) {
		if (failure) return <FileTrouble failure={failure} />;
		return <Skeleton />;
	}
	return (
		<div className={styles.preview} aria-busy={reading}>
			<div className={styles.top}>
				{failure ? <FileTrouble failure={failure} /> : <PreviewSum preview={preview} reading={reading} />}
				<LayoutPickers preview={preview} onChange={state.changeLayout} />
			</div>
			<Tabs<Part>
				label="Parts of the preview"
				value={part}
				onChange={setPart}
				tabs={[
					{ value: 'columns', word: 'Columns', tail: mappedWords(preview.settings.mapping) },
					{ value: 'rows', word: 'First rows', tail: count(preview.sample.length) },
					{ value: 'rejects', word: 'Rejected', tail: count(preview.rejected) },
				]}
			/>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className={styles.part} tabIndex={0} aria-label="Preview">
				{part === 'columns' ? (
					<ColumnMap preview={preview} onTarget={state.changeTarget} onStyle={state.changeStyle} />
				) : null}
				{part === 'rows' ? <FirstRows preview={preview} /> : null}
				{part === 'rejects' ? (
					<Rejects rejects={preview.rejects} rows={preview.rejected} onSave={() => void saveRejects(file)} />
				) : null}
			</section>
		</div>
	);
}

function mappedWords(mapping: readonly (string | null)[]): string {
	return `${mapping.filter(Boolean).length} of ${mapping.length}`;
}

/** Core says in its own words what is wrong with a file and what to do; the title comes from the code. */
function FileTrouble({ failure }: { failure: NonNullable<ImportState['failure']> }) {
	return (
		<div>
			<ErrorState error={failure} />
			<p className={styles.detail}>{failure.code === 'internal' ? null : failure.message}</p>
		</div>
	);
}

import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { ImportPreview } from '../../../shared/contract/models.ts';
import { count, fileSize } from '../../lib/numbers.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './Import.module.css';

/** What an import would do, before anything is written. */
export function PreviewSum({ preview, reading }: { preview: ImportPreview; reading: boolean }) {
	return (
		<div className={styles.sum}>
			<p className={styles.counts} role="status">
				<span>
					<strong>{count(preview.ready)}</strong> ready
				</span>
				<span className={preview.rejected > 0 ? 'red' : 'muted'}>
					<strong>{count(preview.rejected)}</strong> rejected
				</span>
				<span className="muted">
					of {count(preview.rows)} rows, {fileSize(preview.sizeBytes)}
					{preview.remembered ? '. Columns as in this client’s last import' : null}
				</span>
				{reading ? <span className="muted">Reading again…</span> : null}
			</p>
			{preview.blocked ? (
				<p className={styles.blocked} role="alert">
					{preview.blocked}
				</p>
			) : null}
			<Warnings warnings={preview.warnings} />
		</div>
	);
}

const shownFirst = 3;

function Warnings({ warnings }: { warnings: readonly string[] }) {
	const [all, setAll] = useState(false);
	if (warnings.length === 0) return null;
	const more = warnings.length - shownFirst;
	return (
		<ul className={styles.warnings} aria-label="To look at">
			{warnings.slice(0, all ? undefined : shownFirst).map((warning) => (
				<li key={warning}>
					<IconAlertTriangle size={14} stroke={1.6} aria-hidden />
					{warning}
				</li>
			))}
			{more > 0 && !all ? (
				<li>
					<Button look="quiet" onClick={() => setAll(true)}>
						{count(more)} more to look at
					</Button>
				</li>
			) : null}
		</ul>
	);
}

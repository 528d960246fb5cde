import { IconAlertTriangle } from '@tabler/icons-react';
import type { ImportPreview } from '../../../shared/contract/models.ts';
import { count, fileSize } from '../../lib/numbers.ts';
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
			{preview.warnings.length > 0 ? (
				<ul className={styles.warnings} aria-label="To look at">
					{preview.warnings.map((warning) => (
						<li key={warning}>
							<IconAlertTriangle size={14} stroke={1.6} aria-hidden />
							{warning}
						</li>
					))}
				</ul>
			) : null}
		</div>
	);
}

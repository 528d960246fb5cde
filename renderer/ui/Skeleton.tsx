import styles from './States.module.css';

const widths = ['62%', '84%', '71%', '90%', '55%', '78%'];

/** Shown only after 150 ms, so that a local read never flickers. */
export function Skeleton({ lines = 6 }: { lines?: number }) {
	return (
		<div className={styles.skeleton} role="status" aria-label="Loading">
			{widths.slice(0, lines).map((width) => (
				<span key={width} style={{ width }} />
			))}
		</div>
	);
}

import { decimal } from '../lib/numbers.ts';

/** An amount never stands without its currency. */
export function Amount({ value, currency }: { value: string | null; currency: string | null }) {
	if (value === null) return <span className="muted">not known</span>;
	return (
		<span className="figures" style={{ whiteSpace: 'nowrap' }}>
			{decimal(value)} <span className="muted">{currency ?? 'no currency'}</span>
		</span>
	);
}

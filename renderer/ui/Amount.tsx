import { decimal } from '../lib/numbers.ts';

/** Yen and won have no hundredths. */
function digitsOf(currency: string | null): number {
	if (!currency || !/^[A-Z]{3}$/.test(currency)) return 2;
	return new Intl.NumberFormat('en-GB', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** An amount never stands without its currency. */
export function Amount({ value, currency }: { value: string | null; currency: string | null }) {
	if (value === null) return <span className="muted">not known</span>;
	return (
		<span className="figures" style={{ whiteSpace: 'nowrap' }}>
			{decimal(value, digitsOf(currency))} <span className="muted">{currency ?? 'no currency'}</span>
		</span>
	);
}

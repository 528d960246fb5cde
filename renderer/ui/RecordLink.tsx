import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** A link to a place of the app (`places`), in the colour of its surroundings; `plain` without weight, for rows of links. */
export function RecordLink({ to, plain = false, children }: { to: string; plain?: boolean; children: ReactNode }) {
	return (
		<Link href={to} className={plain ? 'link plain' : 'link'}>
			{children}
		</Link>
	);
}

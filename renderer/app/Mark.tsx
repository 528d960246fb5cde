/** The mark: a closed book, its spine lighter than its cover. */
export function Mark({ size = 15 }: { size?: number }) {
	return (
		<svg width={size} height={size} viewBox="0 0 16 16" aria-hidden>
			<rect x="0.5" y="1" width="15" height="14" rx="2.5" fill="var(--accent)" />
			<path d="M3 1h2.5v14H3A2.5 2.5 0 0 1 .5 12.5v-9A2.5 2.5 0 0 1 3 1Z" fill="var(--mark-spine)" />
		</svg>
	);
}

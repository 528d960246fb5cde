import type { Health, HealthComponent } from '../../../shared/domain/health/health-facts.ts';
import { useAnswer } from '../../lib/core.ts';
import { useToday } from '../../lib/now.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Section } from '../../ui/Section.tsx';
import styles from './Health.module.css';

const tones: Readonly<Record<Health['band'], string>> = {
	good: 'green',
	watch: 'amber',
	'at risk': 'red',
	unknown: 'muted',
};

/** The account's health with the reason of every point it lacks. */
export function HealthSection({ accountId }: { accountId: string }) {
	const today = useToday();
	const answer = useAnswer('accounts.health', { id: accountId, today });
	const health = answer.data;
	return (
		<Section
			title="Health"
			note={health ? `${health.known} of ${health.components.length} parts known` : null}
			action={health ? <Score health={health} /> : null}
		>
			<Answer of={answer}>{(found) => <Parts health={found} />}</Answer>
		</Section>
	);
}

function Score({ health: { score, band } }: { health: Health }) {
	return (
		<span className={styles.score}>
			{score === null ? null : <span className="strong">{score}</span>}{' '}
			<span className={tones[band]}>{score === null ? 'not known' : band}</span>
		</span>
	);
}

function Parts({ health }: { health: Health }) {
	return (
		<div className={styles.parts}>
			{health.cap ? (
				<p className="red">
					Held at {health.cap.most}: {health.cap.words}.
				</p>
			) : null}
			<ul>
				{health.components.map((component) => (
					<Part key={component.name} component={component} />
				))}
			</ul>
		</div>
	);
}

function Part({ component: { label, most, points, reasons } }: { component: HealthComponent }) {
	const share = points === null || most === 0 ? 0 : points / most;
	return (
		<li>
			<p className={styles.line}>
				<span className={points === null ? 'muted' : undefined}>{label}</span>
				<span className={styles.bar} aria-hidden>
					<span style={{ width: `${Math.round(share * 100)}%` }} />
				</span>
				<span className={styles.points}>
					{points === null ? <span className="muted">not known</span> : `${Math.round(points)} of ${Math.round(most)}`}
				</span>
			</p>
			{reasons.map(({ words, points: lost }) => (
				<p key={words} className={styles.reason}>
					<span>{words}</span>
					<span className={styles.points}>−{Math.max(1, Math.round(-lost))}</span>
				</p>
			))}
		</li>
	);
}

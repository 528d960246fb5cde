import { useLocation } from 'wouter';
import { places } from '../../lib/places.ts';
import { Button } from '../../ui/Button.tsx';

export function NewIssueButton({ accountId }: { accountId?: string }) {
	const [, go] = useLocation();
	return (
		<Button look="primary" onClick={() => go(places.newIssue(accountId))}>
			New issue
		</Button>
	);
}

import { Component, type ReactNode } from 'react';
import { ErrorState } from './ErrorState.tsx';

/** A page that breaks says so in words; the rail and the other pages go on. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { message: string | null }> {
	override state: { message: string | null } = { message: null };

	static getDerivedStateFromError(error: unknown): { message: string } {
		return { message: error instanceof Error ? error.message : String(error) };
	}

	override render(): ReactNode {
		if (this.state.message === null) return this.props.children;
		return (
			<ErrorState
				error={{ code: 'internal', message: this.state.message }}
				onRetry={() => this.setState({ message: null })}
			/>
		);
	}
}

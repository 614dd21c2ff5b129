// The door of figures: what became of a campaign's messages, over time and by what they have in common.
export { figureRoutes } from './routes.ts';

package content

import "slices"

// publicationKeys are the keys of Hugo, Zola, Jekyll, Eleventy, Pelican, Astro,
// Docusaurus, Obsidian Publish, Quartz, Gatsby, Ghost, Grav, Lektor and WordPress's
// exports that say whether or when a page is published, folded as foldKey does.
var publicationKeys = map[string]sense{
	"draft": saysDraft, "drafts": saysDraft, "isdraft": saysDraft, "brouillon": saysDraft, "wip": saysDraft,
	"unpublish": saysUntil, "unpublished": saysUntil, "nopublish": saysDraft, "dontpublish": saysDraft, "donotpublish": saysDraft,
	"publish": saysPublish, "published": saysPublish, "ispublished": saysPublish, "publie": saysPublish, "dgpublish": saysPublish, "publishable": saysPublish,
	"public": saysOpen, "ispublic": saysOpen, "share": saysReady, "shared": saysReady, "ready": saysReady, "isready": saysReady, "online": saysReady, "enligne": saysReady,
	"live": saysReady, "approved": saysReady, "valide": saysReady, "released": saysReady, "enabled": saysReady,
	"private": saysKept, "isprivate": saysKept, "prive": saysKept, "secret": saysKept, "confidential": saysKept, "confidentiel": saysKept,
	"protected": saysKept, "encrypted": saysKept, "membersonly": saysKept, "headless": saysKept, "deleted": saysKept, "isdeleted": saysKept,
	"trashed": saysKept, "disabled": saysKept, "skip": saysKept, "excluded": saysKept, "norender": saysKept,
	"render": saysRoute, "routable": saysRoute,
	"hidden": saysUnlisted, "ishidden": saysUnlisted, "hide": saysUnlisted, "unlisted": saysUnlisted, "isunlisted": saysUnlisted,
	"eleventyexcludefromcollections": saysUnlisted,
	"list":                           saysListed, "listed": saysListed, "visible": saysListed, "isvisible": saysListed, "discoverable": saysListed,
	"status": saysStatus, "poststatus": saysStatus, "wpstatus": saysStatus, "publishstatus": saysStatus, "publicationstatus": saysStatus, "publishingstatus": saysStatus,
	"state": saysStage, "stage": saysStage, "workflow": saysStage, "workflowstate": saysStage,
	"visibility": saysAudience, "access": saysAudience, "audience": saysStage,
	"password": saysPassword, "postpassword": saysPassword, "motdepasse": saysPassword,
	"publishdate": saysFrom, "pubdate": saysFrom, "publicationdate": saysFrom, "publisheddate": saysFrom, "datepublished": saysFrom,
	"publishedat": saysFrom, "publishedon": saysFrom, "publishat": saysFrom, "publishon": saysFrom, "publishafter": saysFrom,
	"publishfrom": saysFrom, "availablefrom": saysFrom, "visiblefrom": saysFrom, "scheduled": saysEmbargo, "scheduledat": saysFrom,
	"scheduledfor": saysFrom, "golive": saysFrom, "golivedate": saysFrom, "embargo": saysEmbargo, "embargoed": saysEmbargo,
	"embargountil": saysFrom, "embargoeduntil": saysFrom, "embargodate": saysFrom,
	"expirydate": saysUntil, "expires": saysUntil, "expire": saysUntil, "expired": saysUntil, "expiry": saysUntil, "expiresat": saysUntil, "expireson": saysUntil,
	"expireat": saysUntil, "expiration": saysUntil, "expirationdate": saysUntil, "unpublishdate": saysUntil, "unpublishat": saysUntil,
	"unpublishon": saysUntil, "depublishdate": saysUntil, "availableuntil": saysUntil, "visibleuntil": saysUntil, "publishuntil": saysUntil, "removeafter": saysUntil,
	"build": saysBuild, "permalink": saysPath, "cascade": saysCascade,
}

// plainKeys reports a key that says nothing but whether a page is published, wherever it
// stands.
func plainKeys(name string) bool {
	return slices.Contains([]string{"draft", "isdraft", "publish", "published", "unlisted", "private", "expirydate", "publishdate"}, foldKey(name))
}

// The words of stages, in the languages content comes in. Those of keptStages are known
// to mean that a page is not to be published; a word of unfinished says so in a phrase.
var (
	publicStages = []string{"published", "publish", "public", "live", "online", "publie", "publiee", "en-ligne", "released", "final", "done", "complete",
		"completed", "finished", "approved", "stable", "evergreen", "active", "featured", "archived", "true", "yes", "open"}
	keptStages = []string{"draft", "drafts", "private", "pending", "review", "in-review", "trash", "auto-draft", "inherit", "future", "scheduled",
		"skip", "unpublished", "deleted", "brouillon", "prive", "sent", "false", "no", "wip"}
	unfinished = []string{"draft", "drafts", "drafting", "wip", "private", "hidden", "unlisted", "pending", "review", "reviewing", "trash", "unpublished",
		"scheduled", "embargo", "embargoed", "submitted", "rejected", "todo", "progress", "unfinished", "incomplete", "confidential", "internal", "secret",
		"expired", "not", "brouillon", "prive", "privee", "relire", "relecture", "rediger", "redaction", "interne", "confidentiel", "entwurf", "privat", "borrador", "bozza", "privado", "never", "none"}
)

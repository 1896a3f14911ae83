package sitetest
import ("testing";"fmt";"os";"path/filepath";"strings"
"vigie/generator/internal/search";"vigie/generator/internal/search/engine";"vigie/generator/internal/search/index"
"vigie/generator/internal/build";"vigie/generator/internal/content";"vigie/generator/internal/check")
func TestZZ(t *testing.T){
 cfg,_:=build.LoadConfig(build.Options{Source: Root()})
 site,_:=content.Load(t.Context(), os.DirFS(filepath.Join(Root(),"content")), cfg, content.Options{Now:Now})
 o:=Own(t); out:=struct{Documents map[string][]search.Document}{o.Documents}
 for mode:=range 4 {
 searchers:=map[string]search.Searcher{}
 for lang,docs:=range out.Documents{
  var mod []search.Document
  for _,d:=range docs{
   if mode&1!=0 { var n []string; for _,x:=range d.Names{ var w []string; for _,y:=range strings.Fields(x){ if !strings.Contains(" "+strings.ToLower(d.Title)+" "," "+strings.ToLower(y)+" "){w=append(w,y)} }; if len(w)>0 {n=append(n,strings.Join(w," "))} }; d.Names=n }
   if mode&2!=0 { seen:=map[string]bool{}; var b []search.Section; for _,s:=range d.Body{ if seen[s.Heading]{s.Heading=""}; seen[s.Heading]=true; b=append(b,s)}; d.Body=b }
   mod=append(mod,d)
  }
  f,err:=index.Build(t.Context(),lang,mod); if err!=nil{t.Fatal(err)}
  e,err:=engine.Open(f); if err!=nil{t.Fatal(err)}
  searchers[lang]=e
 }
 r,_:=check.Relevance(t.Context(),site,searchers,0.9)
 fmt.Println("=== mode",mode, r.Score("fr"), r.Score("en"))
 for _,l:=range []string{"fr","en"} { for _,a:=range r.Misses(l){ fmt.Println("   ",a.Query,a.Rank,a.Found[:min(3,len(a.Found))]) } }
 if mode==0 || mode==3 { for _,q:=range [][2]string{{"fr","différence certification qualification"},{"fr","différence entre certification et qualification"},{"fr","signaler une erreur"},{"en","owns Bleu"},{"fr","cloudact"},{"fr","num spot"},{"fr","combien de critères secnumcloud"}} {
  res,_:=searchers[q[0]].Search(t.Context(),search.Request{Query:q[1],Limit:4}); fmt.Print("  q ",q[1],": "); for _,h:=range res.Hits{fmt.Print(h.ID," ",h.Tier," ")}; fmt.Println() }}
 }
}

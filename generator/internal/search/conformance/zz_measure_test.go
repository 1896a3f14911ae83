package conformance_test
import ("testing";"time";"fmt";"os";"sort";"bytes";"context";"strings";"encoding/gob";
"github.com/andybalholm/brotli"
"vigie/generator/internal/build"
"vigie/generator/internal/search"
"vigie/generator/internal/search/index"
"vigie/generator/internal/search/conformance";"vigie/generator/internal/search/shard";"vigie/generator/internal/sitetest")
func br(b []byte) int { var o bytes.Buffer; w:=brotli.NewWriterLevel(&o,5); w.Write(b); w.Close(); return o.Len() }
func indexFile(t *testing.T, which string) ([]byte, []search.Document) {
 name:="/tmp/measure-"+which+".gob"
 var docs []search.Document
 if f,err:=os.Open(name); err==nil { defer f.Close(); if err:=gob.NewDecoder(f).Decode(&docs);err!=nil{t.Fatal(err)} } else {
  if which=="gen" { docs=conformance.Generate(10000) } else {
   dir:=t.TempDir()+"/c"
   if err:=sitetest.Corpus(dir,10000);err!=nil{t.Fatal(err)}
   s:=time.Now()
   site,diags:=build.Render(context.Background(),build.Options{Source:dir,Theme:os.DirFS("../../../.."),Now:sitetest.Now})
   fmt.Println("built",time.Since(s),diags.HasErrors())
   docs=site.Documents["fr"]
  }
  f,_:=os.Create(name); gob.NewEncoder(f).Encode(docs); f.Close()
 }
 file,err:=index.Build(t.Context(),"fr",docs); if err!=nil{t.Fatal(err)}
 return file,docs
}
func TestMeasure(t *testing.T){
 for _,which:=range []string{"gen","corpus"} {
 file,docs:=indexFile(t,which)
 s:=time.Now()
 list,err:=shard.Project(file,shard.Options{}); if err!=nil{t.Fatal(err)}
 fmt.Println(which,"project",time.Since(s),len(list),"files; index",len(file))
 files:=map[string][]byte{}; n:=map[string]int{}; sz:=map[string]int{}; bz:=map[string]int{}; max:=map[string]int{}
 for _,f:=range list { files[f.Path]=f.Data; k:="m"; if i:=strings.Index(f.Path,"/");i>0{k=f.Path[i+1:i+2]}; n[k]++; sz[k]+=len(f.Data); x:=br(f.Data); bz[k]+=x; if x>max[k]{max[k]=x} }
 for k:=range n { fmt.Println(" ",k,n[k],"files",sz[k],"raw",bz[k],"br; max",max[k],"mean",bz[k]/n[k]) }
 queries:=[]string{}
 all:=conformance.Queries(docs,400)[100:]
 for i:=0;i<60;i++{ queries=append(queries,all[i*4]) }
 var tot []int; var reqs []int
 script,_:=conformance.Script(sources)
 _ = script
 for _,q:=range queries {
  tw:=newTwin(t,files); tw.Open(files["fr.bin"])
  a,err:=tw.Search(q,10,0); if err!=nil{fmt.Println(q,err)}
  sum:=0; by:=map[string]int{}
  seen:=map[string]bool{}
  for _,r:=range tw.Requests { if seen[r]{fmt.Println("twice",r)}; seen[r]=true; x:=br(files[r]); sum+=x; by[r[strings.Index(r,"/")+1:][:1]]+=x }
  tot=append(tot,sum); reqs=append(reqs,len(tw.Requests))
  fmt.Println(" ",sum,len(tw.Requests),by,a.Total,len(a.Hits),q)
  tw.Close()
 }
 sort.Ints(tot); sort.Ints(reqs)
 fmt.Println(which,"median",tot[30],"p95",tot[57],"max",tot[59],"reqs",reqs[30],reqs[57],reqs[59])
 }
}
